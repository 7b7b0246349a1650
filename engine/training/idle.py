"""Sees workers that never win, and gives them another start: beside the winner that most of the loss comes from.

A linear worker under a maximum or a minimum that wins no row gets no feedback, so it would stay as it is for good; and
one that wins a few rows, which another would do nearly as well, seldom comes away from there. A few times in a
training, once nothing is soft any more, those who win nothing and the one who is worth least, if that is little, take
over the parameters of the winner whose rows lose most, tilted so that they win about half of those rows. What the
optimiser remembers of them is forgotten.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Array, RowIds, Rows, Vector
from engine.callbacks import gather, run
from engine.plan import Plan, Voice
from engine.primitive import Moment
from engine.primitives.extreme import Extreme
from engine.program import Step
from engine.start import generator_for
from engine.training.executor import State, Work
from engine.training.split import evenly
from engine.training.tilt import tilted
from engine.training.turns import before

LOOKS = 20
FIRST, LAST = 0.1, 0.8
"""Between which shares of the steps workers are given another start; what comes later has no time left to learn."""
LOOKED_AT = 4_096
LITTLE = 0.03
"""Of all that is lost; a worker that saves no more is better off beside one that has too much to do."""


@dataclass(frozen=True)
class Contest:
    """A step that lets one of several linear workers through, the slot of its result, and the voice that says it.

    highest: whether it is the one with the highest estimate, or with the lowest.
    """

    step: Step
    slot: int
    highest: bool
    workers: tuple[Step, ...]
    voice: Voice


def contests(plan: Plan) -> list[Contest]:
    """Those whose contenders are all linear workers with parameters of their own, free to change."""
    found, steps = [], plan.program.steps
    for index, step in enumerate(steps):
        if not isinstance(step.primitive, Extreme):
            continue
        workers = tuple(steps[slot - 1] for slot in step.inputs if slot)
        voice = next((one for one in plan.voices if any(step is other for other in before(plan, one.slot))), None)
        if voice and len(workers) == len(step.inputs) and _are_free(plan, index, workers):
            found.append(Contest(step, index + 1, step.primitive.highest, workers, voice))
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
    some = evenly(rows, LOOKED_AT)
    views = work.plan.layout.views(np.asarray(state.parameters, np.float64))
    idle: set[str] = set()
    parameters, memory, begins = state.parameters.copy(), [vector.copy() for vector in state.memory], False
    known, _ = run(work.plan.program, np.asarray(work.features[some], np.float64), views, Moment())
    for contest in found:
        told = np.asarray(work.told[some, work.plan.voices.index(contest.voice)], np.float64)
        heard = np.isfinite(told)
        slots = known if heard.all() else [slot[heard] for slot in known]
        with np.errstate(over="ignore", invalid="ignore"):
            standing = _standing(contest, slots, _slope(work.plan, contest, slots, views), told[heard])
        idle.update(contest.workers[place].node for place in np.flatnonzero(standing.wins == 0))
        if FIRST <= share <= LAST:
            for place, winner in _pairs(contest, standing):
                mine = standing.winners == winner
                task = slots[contest.workers[winner].inputs[0]][mine]
                weights, bias = (views[one] for one in contest.workers[winner].parameters)
                generator = generator_for(work.seed, "idle", contest.workers[place].node, str(state.step))
                misses = standing.misses[mine] if contest.highest else -standing.misses[mine]
                begun = tilted(weights, bias, task, misses, generator)
                _begin(work, contest.workers[place], begun, parameters, memory)
                begins = True
    return (State(parameters, tuple(memory), state.step) if begins else state), frozenset(idle)


def _slope(plan: Plan, contest: Contest, slots: Sequence[Rows], views: Sequence[Array]) -> Rows | None:
    """By row, how much the voice's result rises with that of the contest: feedback by the steps between the two alone.

    None where the result is several numbers.
    """
    if slots[contest.voice.slot].shape[1] > 1:
        return None
    steps, above = plan.program.steps, {contest.slot}
    for slot, step in enumerate(steps, 1):
        if above.intersection(step.inputs):
            above.add(slot)
    owed: list[Rows | None] = [None] * len(slots)
    owed[contest.voice.slot] = np.ones_like(slots[contest.voice.slot])
    for slot in sorted(above - {contest.slot}, reverse=True):
        re_result, step = owed[slot], steps[slot - 1]
        if re_result is not None:
            given = [views[one] for one in step.parameters]
            _, feedback = step.primitive.forward([slots[one] for one in step.inputs], given, Moment())
            gather(owed, step.inputs, feedback(re_result)[0])
    return owed[contest.slot]


@dataclass(frozen=True)
class _Standing:
    """How the workers of a contest stand.

    winners: by row, who wins. wins: by worker, how many rows these are; losses: what is lost on them; worth: how much
    more would be lost without it. misses: by row, by how much the result should rise, up to a factor.
    """

    winners: NDArray[np.integer]
    wins: NDArray[np.integer]
    losses: Vector
    worth: Vector
    misses: Vector


def _pairs(contest: Contest, standing: _Standing) -> Iterator[tuple[int, int]]:
    """Who is to begin again, and beside whom: all who win nothing, and of the others one that is worth little.

    Beside the winner who loses most, then the next, of those who work on the same task.
    """
    worth = np.where(standing.wins == 0, np.inf, standing.worth)
    again = np.flatnonzero(standing.wins == 0).tolist()
    if worth.min() < LITTLE * standing.losses.sum():
        again.append(int(worth.argmin()))
    busy = [place for place in np.argsort(-standing.losses, kind="stable").tolist() if place not in again]
    for turn, place in enumerate(again):
        beside = [one for one in busy if contest.workers[one].inputs == contest.workers[place].inputs]
        if beside:
            yield place, beside[turn % len(beside)]


def _standing(contest: Contest, slots: Sequence[Rows], slope: Rows | None, target: Vector) -> _Standing:
    estimates = np.hstack([slots[slot] for slot in contest.step.inputs])
    rising = estimates if contest.highest else -estimates
    winners, count = rising.argmax(axis=1), len(contest.workers)
    result, judge = slots[contest.voice.slot], contest.voice.target
    losses = np.asarray(judge.rows(result, target), np.float64)
    worth, misses = np.full(count, np.inf), np.zeros(len(result))
    if slope is not None:
        misses = -(judge.feedback(result, target) * slope)[:, 0]
        top, next_ = -np.sort(-rising, axis=1)[:, :2].T
        fall = (top - next_ if contest.highest else next_ - top)[:, None] * slope
        more = np.asarray(judge.rows(result - fall, target), np.float64) - losses
        worth = np.bincount(winners, more, minlength=count)
    wins, lost = np.bincount(winners, minlength=count), np.bincount(winners, losses, minlength=count)
    return _Standing(winners, wins, lost.astype(float), worth, misses)


def _begin(work: Work, worker: Step, begun: tuple[Rows, Vector], parameters: Vector, memory: Sequence[Vector]) -> None:
    """Writes a worker's new numbers, and forgets what the optimiser remembered of it."""
    acting = work.acting
    for one, values in zip(worker.parameters, begun, strict=True):
        place, held = work.plan.layout.places[one], work.plan.program.parameters[one]
        place.view(parameters)[...] = np.clip(values, held.low, held.high)
        for number, vector in enumerate(memory):
            is_average = number == acting.optimizer.memory
            place.view(vector)[...] = place.view(parameters) if is_average else 0
