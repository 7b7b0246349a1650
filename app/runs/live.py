"""What the server knows of a run that has a process: the newest it said, and how often the process died."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from app.runs import payloads
from app.runs.children import Child
from app.runs.spec import ENDINGS
from app.store import RunLog

MOST_DEATHS = 3  # without a step further in between
REMEMBERED = ("step", "epoch", "loss", "learning_rate")


def log_path(folder: Path) -> Path:
    """Where the log of a run lies, in the run's folder."""
    return folder / "log.db"


@dataclass
class Live:
    """One run with a process, or between two.

    begun: its first event is in the log. reached: the step of the newest event, None without a reading.
    newest: step, epoch, loss and learning rate as they were last said; settings: what the settings came to.
    ending: the kind and content of its last event, once that is in the log.
    sent, obeyed: the number of the last command that the process was given, and that it obeyed.
    gone: set while there is no process and none about to be.
    """

    id: str
    folder: Path
    child: Child | None = None
    begun: bool = False
    reached: int | None = None
    ending: tuple[str, dict[str, Any]] | None = None
    newest: dict[str, Any] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)
    sent: int = 0
    obeyed: int = 0
    leaving: bool = False
    deleted: bool = False
    deaths: int = 0
    written: float = 0.0
    gone: threading.Event = field(default_factory=threading.Event)
    _log: RunLog | None = None
    _opening: threading.Lock = field(default_factory=threading.Lock)
    _furthest: int = -1
    _fell_at: int = -1

    @property
    def log(self) -> RunLog:
        """The run's log, made where there is none, which takes as long as starting a process does."""
        with self._opening:
            if self._log is None:
                self._log = RunLog(log_path(self.folder))
            return self._log

    def close(self) -> None:
        with self._opening:
            if self._log is not None:
                self._log.close()
                self._log = None

    def look_up(self) -> Self:
        """Take in what the log says, if there is one; whatever was known before counts no more."""
        self.begun, self.reached, self.ending = False, None, None
        if not log_path(self.folder).exists():
            return self
        last = max(self.log.count() - 1, 0)
        for event in (*self.log.after(0, kinds=("started",), limit=1), *self.log.after(last)):
            self.note(event.kind, event.payload)
        return self

    def note(self, kind: str, payload: bytes) -> dict[str, Any]:
        """Take in an event that stands in the log; what it says, without its nodes."""
        told = payloads.head(payload)
        if kind == "started":
            self.begun = True
            self.settings = {name: value for name, value in told.items() if name not in ("run", "step", "epoch")}
        else:
            self.reached = told["step"]
            self._furthest = max(self._furthest, told["step"])
        self.newest |= {name: told[name] for name in REMEMBERED if told.get(name) is not None}
        if kind in ENDINGS:
            self.ending = (kind, told)
        return told

    @property
    def over(self) -> bool:
        return self.ending is not None

    def died(self) -> bool:
        """The process died. Whether it is worth another try."""
        if self._furthest > self._fell_at:
            self.deaths, self._fell_at = 0, self._furthest
        self.deaths += 1
        return self.deaths <= MOST_DEATHS
