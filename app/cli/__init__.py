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
        arguments = _parser().parse_args(argv)
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
    names = sorted(found.name for found in pkgutil.iter_modules(__path__) if not found.name.startswith("_"))
    return {name: importlib.import_module(f"{__name__}.{name}") for name in names}


class _Parser(argparse.ArgumentParser):
    """Says what is wrong with a command in one sentence."""

    def error(self, message: str) -> NoReturn:
        raise Misuse(f"{message[:1].upper()}{message[1:].rstrip('.')}. '{self.prog} --help' says more.")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="backchannel",
        description="Wire a team of small models and watch the feedback flow back while it learns.",
        epilog="'backchannel COMMAND --help' says more about a command.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"backchannel {version()}")
    listed = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name, command in commands().items():
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
