"""The voice of a run: what it says, in order, each event encoded once; readings no oftener than is of use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import orjson

from app.runs import payloads
from app.runs.pacing import Thinning
from app.runs.spec import LEFT, OBEYED, Command
from engine.training.events import Event, Reading

Emit: TypeAlias = Callable[[str, bytes], None]
"""Takes a kind and its encoded payload: an event, or one of the messages OBEYED and LEFT."""


class Reports:
    """Says things through `emit`. A reading that comes too soon is held back until something depends on it."""

    def __init__(self, run: str, emit: Emit) -> None:
        self._run, self._emit = run, emit
        self._thinning = Thinning()
        self._held: bytes | None = None

    def event(self, event: Event, **more: Any) -> None:
        """An event of the engine."""
        self._held = None
        self._emit(event.kind, payloads.of_event(self._run, event, **more))

    def own(self, kind: str, step: int, epoch: float, **more: Any) -> None:
        """An event of our own, after the reading that it follows on."""
        self.flush()
        self._emit(kind, payloads.of_run(self._run, step, epoch, **more))

    def reading(self, reading: Reading, now: float, trained: float) -> None:
        """The newest reading, after so many seconds of training."""
        payload = payloads.of_event(self._run, reading)
        if self._thinning.lets(now, len(payload), trained):
            self._held = None
            self._emit(reading.kind, payload)
        else:
            self._held = payload

    def flush(self) -> None:
        """Say the reading that was held back."""
        if self._held is not None:
            held, self._held = self._held, None
            self._emit(Reading.kind, held)

    def obeyed(self, command: Command, step: int) -> None:
        """A command was carried out at this step."""
        self._emit(OBEYED, orjson.dumps({"number": command.number, "step": step}))

    def left(self) -> None:
        """The process is about to end, and all is on the disk."""
        self.flush()
        self._emit(LEFT, b"{}")
