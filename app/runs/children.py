"""Starts the processes of runs and speaks with them. Each is forked from one that has NumPy and the engine loaded."""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
import types
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing.process import BaseProcess

import orjson

from app.runs.process import Bounds, main
from app.runs.spec import Command, RunSpec

PRELOADED = "app.runs.preloaded"
AT_ONCE = 256  # messages that are taken in together
_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload([PRELOADED])
_starting = threading.Lock()


class Child:
    """One run's process. One thread starts and hears it; any may send to it."""

    def __init__(self, spec: RunSpec, bounds: Bounds) -> None:
        self._line, theirs = _context.Pipe()
        self._theirs = theirs
        self._process: BaseProcess = _context.Process(
            target=main, args=(theirs, spec, bounds), name=f"run {spec.run}", daemon=True
        )
        self._sending = threading.Lock()
        self._unwanted = False
        self.pid: int | None = None

    def start(self) -> None:
        """Have the process forked. What was sent before waits for it. Raises OSError or EOFError."""
        try:
            with _starting, _as_no_script():
                self._process.start()
            self.pid = self._process.pid
            if self._unwanted:
                self.kill()
        finally:
            self._theirs.close()

    def send(self, command: Command) -> None:
        """Tell it something; one that is gone is told nothing."""
        with self._sending, suppress(OSError):
            self._line.send_bytes(
                orjson.dumps({"number": command.number, "name": command.name, "value": command.value})
            )

    def receive(self) -> list[tuple[str, bytes]]:
        """Wait for the next messages, kind and payload. Raises EOFError when the process has ended."""
        try:
            messages = [self._line.recv_bytes()]
            with suppress(EOFError, OSError):
                while len(messages) < AT_ONCE and self._line.poll():
                    messages.append(self._line.recv_bytes())
        except OSError as error:
            raise EOFError from error
        split = (message.partition(b"\n") for message in messages)
        return [(kind.decode(), payload) for kind, _, payload in split]

    def kill(self) -> None:
        """End it at once; if it was not started yet, as soon as it is."""
        self._unwanted = True
        with suppress(OSError, ValueError):
            if self.pid is not None:
                self._process.kill()

    def join(self) -> int | None:
        """How it ended: 0, the number of a signal below zero, or None if it was never there."""
        code = None
        if self.pid is not None:
            self._process.join()
            code = self._process.exitcode
            self._process.close()
        with self._sending:
            self._line.close()
        return code


def warm_up() -> None:
    """Start the process that others are forked from, and wait until it has loaded everything."""
    first = _context.Process(target=os.getpid, name="warm-up", daemon=True)
    with suppress(OSError, EOFError):
        with _starting, _as_no_script():
            first.start()
        first.join()
        first.close()


@contextmanager
def _as_no_script() -> Iterator[None]:
    """Let `multiprocessing` neither run the program's main script again in every process nor import from the folder
    that the server was started in, where anything may lie."""
    script, safe = sys.modules["__main__"], os.environ.get("PYTHONSAFEPATH")
    sys.modules["__main__"] = types.ModuleType("__main__")
    os.environ["PYTHONSAFEPATH"] = "1"
    try:
        yield
    finally:
        sys.modules["__main__"] = script
        if safe is None:
            del os.environ["PYTHONSAFEPATH"]
        else:
            os.environ["PYTHONSAFEPATH"] = safe
