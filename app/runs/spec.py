"""What a run's process is given: plain values that any machine with the same folders could work from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DAY = 24 * 60 * 60.0
LEARNING_RATE = "learning_rate"
PACE = "pace"
PAUSE = "pause"
RESUME = "resume"
STEP = "step"
STOP = "stop"
RESTS = frozenset({PAUSE, STEP})  # after these a run is paused
LEAVE = "leave"  # checkpoint and end the process; never written down
LEFT = "left"  # a message, no event: what the process answers to that
OBEYED = "obeyed"  # a message, no event: {"number", "step"} of a command that was carried out
BROKE = "broke"  # a message, no event: {"message"}, why the run cannot go on
MESSAGES = frozenset({LEFT, OBEYED, BROKE})
ENDINGS = frozenset({"finished", "diverged", "failed"})  # the last event of a run is one of these


@dataclass(frozen=True)
class Command:
    """Something that a person told a run. `step` is where it was obeyed; None while it waits.

    number: counts a run's commands from 1; 0 for what is not written down.
    value: a learning rate or a pace; None for the others.
    """

    number: int
    name: str
    value: Any = None
    step: int | None = None


@dataclass(frozen=True)
class RunSpec:
    """One run, and how far it was known to be when its process was started.

    description: the table's description as JSON. commands: all that were ever given, in order.
    begun: whether its first event is in the log. reached: the step of the log's newest event, None without a reading.
    seconds: how long it may train in all. checkpoint_every: so many seconds, at most. threads: that may share a long
    step, which changes nothing about what is learnt.
    """

    run: str
    graph: Mapping[str, Any]
    table_folder: Path
    table_name: str
    description: Mapping[str, Any]
    target: str | None
    settings: Mapping[str, Any]
    folder: Path
    commands: tuple[Command, ...] = ()
    begun: bool = False
    reached: int | None = None
    seconds: float = DAY
    checkpoint_every: float = 2.0
    threads: int = 1
