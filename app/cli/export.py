"""Write a model in another format."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.cli._errors import Misuse
from app.cli._files import STANDARD_OUTPUT, check_place, read_model, write
from app.exports import formats, no_such

summary = "write a model in another format"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", metavar="MODEL.json", type=Path, help="a file of model JSON")
    parser.add_argument("--format", default="json", help=f"one of: {', '.join(formats())}. Usual: json")
    parser.add_argument(
        "--out", default=STANDARD_OUTPUT, metavar="FILE", help="the file to write. Usual: standard output"
    )


def run(arguments: argparse.Namespace) -> int:
    wanted = formats().get(arguments.format)
    if wanted is None:
        raise Misuse(no_such(arguments.format))
    check_place(arguments.out)
    write(arguments.out, [wanted.write(read_model(arguments.model))])
    return 0
