"""What a command means for a run in a given state: a rule a line, each refusal a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from app.runs.spec import PAUSE, RESTS, RESUME, STEP, STOP, Command
from app.store.runs import OVER, State

OVER_ALREADY = "The run is over, so there is nothing left to tell it. Train again to go on."
STOPPING_ALREADY = "The run is being stopped. What it has learnt is kept in a moment."
SERVER_STOPS = "The server is being stopped. The run goes on when it starts again."
PAUSE_FIRST = "The run is under way. Pause it first, then take single steps."
WAITS_FOR_TURN = "The run waits for its turn. Pause it, then take single steps."


def refusal(state: State, name: str, resting: bool) -> str | None:
    """Why the command cannot be given now; None where it can. `resting`: the run is paused, or was told to be."""
    if state in OVER:
        return OVER_ALREADY
    if state is State.INTERRUPTED:
        return SERVER_STOPS
    if state is State.STOPPING and name != STOP:
        return STOPPING_ALREADY
    if name == STEP and not resting:
        return WAITS_FOR_TURN if state is State.QUEUED else PAUSE_FIRST
    return None


def is_needless(state: State, name: str, resting: bool) -> bool:
    """Whether what the command asks for is so already, or about to be."""
    return (
        (name == PAUSE and resting)
        or (name == RESUME and not resting)
        or (name == STOP and state in (State.STOPPING, State.STOPPED))
    )


def is_resting(commands: Sequence[Command]) -> bool:
    """Whether the run was last told to pause, or to take a single step."""
    told = [command.name for command in commands if command.name in RESTS or command.name == RESUME]
    return bool(told) and told[-1] in RESTS


def waiting(commands: Sequence[Command]) -> list[Command]:
    """Those that the run has not obeyed yet."""
    return [command for command in commands if command.step is None]
