"""Takes turns: each voice is kept from another share of the rows, and is judged by those; so every row judges someone.

It is how several teams are learnt side by side without setting rows aside for good: bagging by folds.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.arrays import RowIds, Vector
from engine.plan import Plan
from engine.program import Step
from engine.start import generator_for
from engine.training.executor import Executor, Work

FEWEST_SHARES = 5
LOOKED_AT = 4_096
"""The most rows, of all voices together, that are looked at on the way."""
SHARED = -1


def deal(rows: RowIds, voices: int, seed: int) -> list[RowIds]:
    """By voice, the rows that it is kept from: of as many shares as there are voices, at least five, its own."""
    drawn = rows[generator_for(seed, "turns").permutation(len(rows))]
    shares = min(max(voices, FEWEST_SHARES), max(len(rows), 2))
    return [drawn[voice % shares :: shares] for voice in range(voices)]


def few(aside: Sequence[RowIds], most: int | None) -> list[RowIds]:
    """So many of them, of all voices together; None for all of them."""
    each = None if most is None else max(1, most // len(aside))
    return [rows[:each] for rows in aside]


def losses(executor: Executor, work: Work, parameters: Vector, aside: Sequence[RowIds]) -> NDArray[np.float64]:
    """By voice, its mean loss over the rows that it is kept from, on the team's own scale."""
    ends = np.cumsum([len(rows) for rows in aside])
    answers = executor.results(parameters, np.concatenate(aside), [voice.slot for voice in work.plan.voices])
    found = np.full(len(aside), np.nan)
    for place, (voice, rows, end) in enumerate(zip(work.plan.voices, aside, ends, strict=True)):
        if len(rows):
            result, target = answers[place][end - len(rows) : end], work.targets[rows, voice.place]
            found[place] = voice.target.rows(result, target).mean()
    return np.where(np.isfinite(found), found, np.inf)


def owners(plan: Plan) -> NDArray[np.intp]:
    """For each number of the flat vector the voice that alone works with it; SHARED where there are several or none."""
    found = np.full(plan.layout.size, float(SHARED))
    users: list[set[int]] = [set() for _ in plan.program.parameters]
    for place, voice in enumerate(plan.voices):
        for step in before(plan, voice.slot):
            for parameter in step.parameters:
                users[parameter].add(place)
    for used_by, held in zip(users, plan.layout.places, strict=True):
        if len(used_by) == 1:
            held.view(found)[...] = next(iter(used_by))
    return found.astype(np.intp)


def before(plan: Plan, slot: int) -> list[Step]:
    """The steps that a slot comes of."""
    needed, steps = {slot}, []
    for index in reversed(range(slot)):
        if index + 1 in needed:
            step = plan.program.steps[index]
            steps.append(step)
            needed.update(step.inputs)
    return steps
