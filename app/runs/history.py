"""What a run was told so far, seen from the checkpoint that it goes on from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from app.runs.pace import Pace
from app.runs.spec import LEARNING_RATE, PACE, RESTS, RESUME, Command


@dataclass(frozen=True)
class History:
    """Commands by what they mean now.

    again: learning rates that were set at a later step than the checkpoint's, or that it does not know, to be set
        once more at that very step.
    rest_at: the step at which the run was paused and is to be again; None where it goes on.
    waiting: not obeyed yet, in order. unreported: the checkpoint has them obeyed, and nobody was told.
    """

    again: tuple[Command, ...]
    rest_at: int | None
    waiting: tuple[Command, ...]
    unreported: tuple[Command, ...]
    pace: Pace


def look_back(commands: Sequence[Command], obeyed: Mapping[int, int]) -> History:
    """`obeyed`: by number, at which step the checkpoint has a command obeyed; empty without a checkpoint."""
    told = [replace(c, step=obeyed.get(c.number)) if c.step is None else c for c in commands]
    done = [command for command in told if command.step is not None]
    rests = [command for command in done if command.name in RESTS or command.name == RESUME]
    paces = [command.value for command in done if command.name == PACE]
    return History(
        again=tuple(c for c in done if c.name == LEARNING_RATE and c.number not in obeyed),
        rest_at=rests[-1].step if rests and rests[-1].name in RESTS else None,
        waiting=tuple(command for command in told if command.step is None),
        unreported=tuple(c for c in done if c not in commands),
        pace=paces[-1] if paces else None,
    )
