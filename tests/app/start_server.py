"""Starts a server for the tests, in a process of its own.

`--packages` are further places to discover routes in, such as `tests.app.odd`; every limit is an option too.
Without `--examples` the data folder stays empty, and the start takes a second less.
"""

import argparse
import importlib
import sys
from dataclasses import fields
from functools import partial
from pathlib import Path

from app.config import Config, Limits
from app.errors import AppError
from app.main import PACKAGES, create_app
from app.serve import serve


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("data_dir", type=Path)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--packages", nargs="*", default=[])
    parser.add_argument("--examples", action="store_true")
    for field in fields(Limits):
        default = getattr(Limits(), field.name)
        parser.add_argument(f"--{field.name.replace('_', '-')}", type=type(default), default=default)
    given = vars(parser.parse_args())
    limits = Limits(**{field.name: given[field.name] for field in fields(Limits)})
    packages = [*PACKAGES, *map(importlib.import_module, given["packages"])]
    config = Config(given["data_dir"], port=given["port"], limits=limits, examples=given["examples"])
    try:
        serve(config, create=partial(create_app, packages=packages))
    except AppError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
