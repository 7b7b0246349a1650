"""Sees workers that never win, and gives them another start: beside the winner that most of the loss comes from.

A linear worker under a maximum or a minimum that wins no row gets no feedback, so it would stay as it is for good. A
few times in a training, once nothing is soft any more, each such worker takes over the parameters of the winner whose
rows lose most, tilted in a direction drawn from the seed, so that it wins about half of those rows. What the
optimiser remembers of it is forgotten.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.arrays import RowIds, Rows, Vector
from engine.callbacks import run
from engine.plan import Plan, Voice
from engine.primitive import Moment, Selective
from engine.program import Step
from engine.start import generator_for
from engine.training.executor import State, Work
from engine.training.turns import before

LOOKS = 20
FIRST, LAST = 0.1, 0.8
"""Between which shares of the steps workers are given another start; what comes later has no time left to learn."""
LOOKED_AT = 4_096
TILT = 0.5


@dataclass(frozen=True)
class Contest:
    """A step that lets one of several linear workers through, and the voice that speaks for it."""

    step: Step
    workers: tuple[Step, ...]
    voice: Voice


def contests(plan: Plan) -> list[Contest]:
    """Those whose contenders are all linear workers with parameters of their own, free to change."""
    found, steps = [], plan.program.steps
    for index, step in enumerate(steps):
        if not isinstance(step.primitive, Selective) or step.primitive.first_contender:
            continue
        workers = tuple(steps[slot - 1] for slot in step.inputs if slot)
        voice = next((one for one in plan.voices if any(step is other for other in before(plan, one.slot))), None)
        if voice and len(workers) == len(step.inputs) and _are_free(plan, index, workers):
            found.append(Contest(step, workers, voice))
    return found


def _are_free(plan: Plan, contest: int, workers: Sequence[Step]) -> bool:
    program = plan.program
    uses = [parameter for step in program.steps for parameter in step.parameters]
    return program.widths[contest + 1] == 1 and all(
        worker.primitive.linear
        and len(worker.inputs) == 1
        and len(worker.parameters) == 2
        and worker.node != program.steps[contest].node
        and all(uses.count(one) == 1 and program.parameters[one].speed > 0 for one in worker.parameters)
        for worker in workers
    )


def every(steps: int) -> int:
    """After how many steps someone looks for idle workers."""
    return max(1, steps // LOOKS)


def revived(
    work: Work, found: Sequence[Contest], state: State, rows: RowIds, share: float
) -> tuple[State, frozenset[str]]:
    """The state in which nobody is idle any more, and who was. share: which of the steps were taken, of all."""
    some = rows[np.linspace(0, len(rows) - 1, min(len(rows), LOOKED_AT)).astype(int)]
    views = work.plan.layout.views(np.asarray(state.parameters, np.float64))
    slots, _ = run(work.plan.program, np.asarray(work.features[some], np.float64), views, Moment())
    idle: set[str] = set()
    parameters, memory = state.parameters.copy(), [vector.copy() for vector in state.memory]
    for contest in found:
        winners = contest.step.primitive.winners([slots[slot] for slot in contest.step.inputs])[:, 0]  # type: ignore[attr-defined]
        losses = _losses(work, contest.voice, slots[contest.voice.slot], some)
        shares = np.bincount(winners, weights=losses, minlength=len(contest.workers))
        wins = np.bincount(winners, minlength=len(contest.workers))
        idlers, busy = np.flatnonzero(wins == 0), np.argsort(-shares, kind="stable")
        idle.update(contest.workers[place].node for place in idlers)
        if FIRST <= share <= LAST:
            for turn, place in enumerate(idlers):
                winner = int(busy[turn % int((wins > 0).sum())])
                task = slots[contest.workers[winner].inputs[0]][winners == winner]
                generator = generator_for(work.seed, "idle", contest.workers[place].node, str(state.step))
                weights, bias = (views[one] for one in contest.workers[winner].parameters)
                begun = _tilted(weights, bias, task, generator)
                _begin(work, contest.workers[place], begun, parameters, memory)
    return (State(parameters, tuple(memory), state.step) if idle else state), frozenset(idle)


def _losses(work: Work, voice: Voice, result: Rows, rows: RowIds) -> NDArray[np.float64]:
    return np.asarray(voice.target.rows(result, np.asarray(work.targets[rows, voice.place], np.float64)), np.float64)


def _tilted(weights: Rows, bias: Vector, task: Rows, generator: np.random.Generator) -> tuple[Rows, Vector]:
    """Weights and bias, tilted so that half of the rows (task: rows x width) are estimated higher."""
    direction = generator.normal(size=weights.shape)
    tilt = direction * TILT * np.sqrt((weights**2).mean() or 1.0) / np.sqrt((direction**2).mean())
    return weights + tilt, bias - np.median(task @ tilt[0])


def _begin(work: Work, worker: Step, begun: tuple[Rows, Vector], parameters: Vector, memory: Sequence[Vector]) -> None:
    """Writes a worker's new numbers, and forgets what the optimiser remembered of it."""
    acting = work.acting
    for one, values in zip(worker.parameters, begun, strict=True):
        place, held = work.plan.layout.places[one], work.plan.program.parameters[one]
        place.view(parameters)[...] = np.clip(values, held.low, held.high)
        for number, vector in enumerate(memory):
            is_average = number == acting.optimizer.memory
            place.view(vector)[...] = place.view(parameters) if is_average else 0
