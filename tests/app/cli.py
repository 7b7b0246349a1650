"""Runs the command `backchannel` in a process of its own, as a shell would."""

from __future__ import annotations

import csv
import os
import pty
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

COMMAND = (sys.executable, "-P", "-m", "app.cli")

TEAM: dict[str, Any] = {
    "format": "backchannel.graph",
    "version": 1,
    "name": "Houses",
    "nodes": [
        {"id": "in", "kind": "columns"},
        {"id": "a", "kind": "linear"},
        {"id": "b", "kind": "linear"},
        {"id": "max", "kind": "maximum"},
        {"id": "out", "kind": "estimate", "name": "Price estimate"},
    ],
    "wires": [
        {"source": source, "target": target}
        for source, target in (("in", "a"), ("in", "b"), ("a", "max"), ("b", "max"), ("max", "out"))
    ],
}


@dataclass(frozen=True)
class Place:
    """A folder to work in. `temporary` is where commands put what they only need for a moment."""

    folder: Path

    @property
    def temporary(self) -> Path:
        path = self.folder / "temporary"
        path.mkdir(exist_ok=True)
        return path

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "PYTHONPATH": os.fspath(Path(__file__).parents[2]), "TMPDIR": os.fspath(self.temporary)}

    def put(self, name: str, content: str | bytes) -> Path:
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def run(self, *arguments: object) -> subprocess.CompletedProcess[str]:
        """The command to its end; whatever it does, it leaves no traceback and nothing temporary."""
        command, before = [*COMMAND, *map(str, arguments)], sorted(self.temporary.iterdir())
        done = subprocess.run(
            command, cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=60, check=False
        )
        assert "Traceback" not in done.stderr, done.stderr
        assert sorted(self.temporary.iterdir()) == before
        return done

    def interrupt(self, number: signal.Signals, *arguments: object, after: str) -> tuple[int, str]:
        """Send a signal once the terminal shows `after`; the exit code, and all that the terminal showed."""
        ours, theirs = pty.openpty()
        process = subprocess.Popen(
            [*COMMAND, *map(str, arguments)], cwd=self.folder, env=self.environment, stdout=theirs, stderr=theirs
        )
        os.close(theirs)
        shown = ""
        until = time.monotonic() + 30
        while after not in shown and time.monotonic() < until:
            shown += os.read(ours, 4096).decode()
        process.send_signal(number)
        code = process.wait(timeout=30)
        shown += _rest(ours)
        return code, shown


def _rest(terminal: int) -> str:
    shown = b""
    try:
        while piece := os.read(terminal, 4096):
            shown += piece
    except OSError:  # how a terminal says that nobody is left on the other side
        pass
    os.close(terminal)
    return shown.decode()


def read_csv(text: str, delimiter: str = ",") -> list[list[str]]:
    """The rows of a CSV text, the names of the columns first."""
    return list(csv.reader(text.splitlines(), delimiter=delimiter))
