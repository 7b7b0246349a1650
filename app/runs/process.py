"""The entry of a run's own process: its limits, its line to the server, and what becomes of its failures."""

from __future__ import annotations

import errno
import fcntl
import multiprocessing
import os
import signal
import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import orjson

from app import files
from app.runs.run import run
from app.runs.spec import BROKE, DAY, Command, RunSpec
from engine.errors import EngineError, GraphRefused

with suppress(ImportError):
    import resource

GIGABYTE = 1024**3
# Someone who stops a whole group of processes means the server, which tells its runs when it is time.
IGNORED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
DISK_FULL = "There is no room on the disk for what the run must write. Free some, then train again."


@dataclass(frozen=True)
class Bounds:
    """What one process may take. Memory is what it writes to itself: mapped tables do not count.

    cpu_seconds: of each thread that trains.
    """

    memory_bytes: int = 4 * GIGABYTE
    file_bytes: int = 2 * GIGABYTE
    cpu_seconds: int = int(DAY)
    niceness: int = 5  # so that pages come at once while every core trains


def main(line: Connection, spec: RunSpec, bounds: Bounds) -> None:
    """Run until the end, until told to leave, or until the server is gone."""
    for number in IGNORED:
        signal.signal(number, signal.SIG_IGN)
    _die_with_server()
    _limit(bounds, spec.threads)
    with suppress(EOFError, BrokenPipeError, ConnectionResetError), _alone(spec.folder):
        why = _run(line, spec, bounds)
        if why:
            _send(line, BROKE, orjson.dumps({"message": why}))


def _run(line: Connection, spec: RunSpec, bounds: Bounds) -> str | None:
    """Why the run cannot go on, where it cannot."""
    try:
        run(spec, lambda kind, payload: _send(line, kind, payload), lambda patience: _listen(line, patience))
        return None
    except EngineError as error:
        return _sentence(error)
    except (ConnectionError, EOFError):
        raise
    except MemoryError:
        return _too_much(bounds)
    except OSError as error:
        if error.errno == errno.ENOMEM:
            return _too_much(bounds)
        return DISK_FULL if error.errno in NO_ROOM else _our_mistake()
    except Exception:
        return _our_mistake()


def _too_much(bounds: Bounds) -> str:
    most = bounds.memory_bytes / GIGABYTE
    return f"The run needs more than the {most:.2g} GB of memory that it may take. Use a smaller team or table."


def _our_mistake() -> str:
    traceback.print_exc(file=sys.stderr)
    return "The run broke off. This is our mistake, not yours; the server's log has the details."


def _send(line: Connection, kind: str, payload: bytes) -> None:
    line.send_bytes(kind.encode() + b"\n" + payload)


def _listen(line: Connection, patience: float | None) -> Command | None:
    return Command(**orjson.loads(line.recv_bytes())) if line.poll(patience) else None


def _sentence(error: EngineError) -> str:
    """What is wrong, and of a graph what to do about the first of it."""
    if isinstance(error, GraphRefused):
        return f"{error.problems[0].message} {error.problems[0].hint}"
    return str(error)


def _die_with_server() -> None:
    """However the server ends, and however long a step takes, end with it."""
    server = multiprocessing.parent_process()
    assert server is not None

    def wait() -> None:
        server.join()
        os._exit(0)

    threading.Thread(target=wait, name="die with server", daemon=True).start()


def _limit(bounds: Bounds, threads: int) -> None:
    with suppress(OSError):
        os.nice(bounds.niceness)
    for name, most in (
        ("RLIMIT_DATA", bounds.memory_bytes),
        ("RLIMIT_FSIZE", bounds.file_bytes),
        ("RLIMIT_CPU", bounds.cpu_seconds * threads),
        ("RLIMIT_CORE", 0),
    ):
        with suppress(NameError, AttributeError, ValueError, OSError):  # not every system has every limit
            resource.setrlimit(getattr(resource, name), (most, most))


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Wait until no process before this one works on the run, and clear away what it left unfinished."""
    with (folder / "lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        files.sweep(folder, None)
        yield
