"""The command `backchannel`: one file a command, found because it is there.

Each file offers `summary`, one line of help; `add_arguments(parser)`; and `run(arguments)`, which gives the exit code:
0 done, 1 done with a negative result. Misuse, and files that cannot be read, end with 2 and one sentence on standard
error; Ctrl-C ends with 130. A file whose name begins with an underscore is no command.
"""

from __future__ import annotations

import argparse
import importlib
import os
import pkgutil
import signal
import sys
import traceback
from collections.abc import Mapping, Sequence
from types import FrameType, ModuleType
from typing import NoReturn

from app.cli._errors import Misuse, sentence
from app.version import version

INTERRUPTED = 128 + signal.SIGINT
TRACEBACK = "BACKCHANNEL_TRACEBACK"  # an environment variable: whoever mends the program sets it


def main() -> int:
    """Run the command that the process was started with; its exit code."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _leave)
    return run(sys.argv[1:])


def run(argv: Sequence[str]) -> int:
    """Run one command; its exit code. --help and --version raise SystemExit."""
    try:
        arguments = _parser(argv[:1]).parse_args(argv)
        code: int = arguments.run(arguments)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return _end("Stopped. Nothing was written.", INTERRUPTED)
    except BrokenPipeError:  # whoever read our output has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:
        if os.environ.get(TRACEBACK):
            traceback.print_exc()
        return _end(sentence(error), 2)
    return code


def commands() -> Mapping[str, ModuleType]:
    """Every command by its name, which is the name of its file."""
    return {name: _command(name) for name in _names()}


def _names() -> list[str]:
    return sorted(found.name for found in pkgutil.iter_modules(__path__) if not found.name.startswith("_"))


def _command(name: str) -> ModuleType:
    return importlib.import_module(f"{__name__}.{name}")


class _Parser(argparse.ArgumentParser):
    """Says what is wrong with a command in one sentence."""

    def error(self, message: str) -> NoReturn:
        raise Misuse(f"{message[:1].upper()}{message[1:].rstrip('.')}. '{self.prog} --help' says more.")


class _Version(argparse.Action):
    """Prints the version, which is looked up only here."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        print(f"backchannel {version()}")
        parser.exit()


def _parser(begun: Sequence[str]) -> argparse.ArgumentParser:
    """begun: the first word of what was given; where it is a command, no other is loaded."""
    parser = _Parser(
        prog="backchannel",
        description="Wire a team of small models and watch the feedback flow back while it learns.",
        epilog="'backchannel COMMAND --help' says more about a command.",
        allow_abbrev=False,
    )
    parser.add_argument(
        "--version", action=_Version, nargs=0, default=argparse.SUPPRESS, help="say which version this is"
    )
    listed = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name in [name for name in _names() if name in begun] or _names():
        command = _command(name)
        described = listed.add_parser(
            name,
            help=command.summary,
            description=command.__doc__,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        command.add_arguments(described)
        described.set_defaults(run=command.run)
    return parser


def _leave(number: int, _frame: FrameType | None) -> NoReturn:
    """End in order, so that what is unfinished is cleared away."""
    raise SystemExit(128 + number)


def _end(said: str, code: int) -> int:
    print(f"backchannel: {said}", file=sys.stderr)
    return code
