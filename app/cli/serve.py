"""Serve the pages and the HTTP interface until Ctrl-C."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from app.cli._errors import Misuse

summary = "serve the pages"
DATA_DIR = Path("backchannel-data")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on. Usual: 127.0.0.1")
    parser.add_argument("--port", type=_port, default=8000, help="the port; 0 for any that is free. Usual: 8000")
    parser.add_argument(
        "--data-dir",
        type=Path,
        default=DATA_DIR,
        metavar="DIR",
        help=f"the folder that everything is kept in. Usual: {DATA_DIR}",
    )
    parser.add_argument(
        "--allow-remote",
        action="store_true",
        help="let other machines in, without a password; needed for a host that they can reach",
    )
    parser.add_argument(
        "--public-origin",
        action="append",
        default=[],
        metavar="URL",
        help="a further address that browsers reach the pages by, such as a proxy's; may be given several times",
    )
    parser.add_argument("--no-examples", action="store_true", help="put no examples into a new folder")


def run(arguments: argparse.Namespace) -> int:
    from app.cli._files import say
    from app.config import Config
    from app.security import remote_refusal
    from app.serve import serve
    from engine.tape.library import MISSING, library

    if refusal := remote_refusal(arguments.host, arguments.allow_remote):
        raise Misuse(refusal)
    try:
        config = Config(
            arguments.data_dir,
            arguments.host,
            arguments.port,
            tuple(arguments.public_origin),
            examples=not arguments.no_examples,
        )
    except ValueError as error:
        raise Misuse(str(error)) from error
    if library() is None:
        say(MISSING)
    if _is_open_to_others(config.data_dir):
        say(f"Others on this machine can look into {config.data_dir}. To prevent that: chmod 700 {config.data_dir}")
    serve(config)
    return 0


def _is_open_to_others(folder: Path) -> bool:
    """Whether a folder that is there already has wider rights than one that is made."""
    return os.name == "posix" and folder.is_dir() and bool(folder.stat().st_mode & 0o077)


def _port(text: str) -> int:
    if text.isascii() and text.isdecimal() and int(text) < 2**16:
        return int(text)
    raise argparse.ArgumentTypeError(f"a port is a number from 0 to 65535, not '{text[:40]}'")
