"""The exact solution of a team that is linear through and through: no step of any training can come nearer.

Whatever such a team does is a weighted sum of the numbers that reach it. The best such sum is that of least squares;
how the workers share it out among them is read off the callbacks: feedback on single rows says what each parameter
adds to each weight, and of all ways to share, the one with the smallest parameters is taken.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.arrays import RowIds, Vector
from engine.callbacks import run
from engine.plan import Plan, Voice
from engine.primitive import Moment
from engine.program import TASK, Step
from engine.training.executor import Work
from engine.training.turns import before

BLOCK = 65_536
MOST_COLUMNS = 500
MOST_NUMBERS = 50_000_000
"""Rows times columns; beyond it, the solution takes longer than a person waits for a line of text: about a second."""


def solve(work: Work, rows: RowIds, begun: Vector) -> Vector | None:
    """The parameters of the exact solution for these rows, in the precision of the training.

    begun: what the parameters that no estimate needs keep. None where the team cannot be solved. A team can be if its
    loss is squared and sizes cost nothing, its steps are linear, no parameter is held, shared or used twice, and no
    linear worker works on what another has made.
    """
    plan = work.plan
    if work.groups is not None or work.acting.l1 or work.acting.l2 or not solvable(plan):
        return None
    flat = np.asarray(begun, np.float64).copy()
    for place, voice in enumerate(plan.voices):
        triangle = _triangle(work, rows, place)
        _solve(plan, voice, triangle[:, :-1], triangle[:, -1], flat)
    return flat.astype(begun.dtype)


def is_quick(work: Work) -> bool:
    """Whether the solution is there before a person who only wants to read about it would wait."""
    return work.features.size <= MOST_NUMBERS


def solvable(plan: Plan) -> bool:
    """Whether every voice is linear through and through, and each of its parameters its own."""
    used = [index for step in plan.program.steps for index in step.parameters]
    heard = [index for voice in plan.voices for step in before(plan, voice.slot) for index in step.parameters]
    if plan.program.widths[TASK] > MOST_COLUMNS or len(set(used)) < len(used) or len(set(heard)) < len(heard):
        return False
    return bool(heard) and all(_is_linear(plan, voice) for voice in plan.voices)


def _is_linear(plan: Plan, voice: Voice) -> bool:
    steps, found = before(plan, voice.slot), plan.program.parameters
    free = all(
        found[index].speed > 0 and np.isneginf(found[index].low) and np.isposinf(found[index].high)
        for step in steps
        for index in step.parameters
    )
    chained = any(_learns_before(plan, step) for step in steps if step.parameters)
    linear = all(step.primitive.linear for step in steps)
    return voice.target.loss == "squared" and free and linear and not chained


def _learns_before(plan: Plan, step: Step) -> bool:
    """Whether a step works on what was learnt before it, so that its weights multiply those of another."""
    return any(earlier.parameters for slot in step.inputs for earlier in before(plan, slot))


def _triangle(work: Work, rows: RowIds, place: int) -> NDArray[np.float64]:
    """A few rows, (1, features, target), that have the same least squares as all that a voice hears.

    The triangle of a QR decomposition, block by block, so that the rows need not be in memory together.
    """
    triangle = np.zeros((0, work.features.shape[1] + 2))
    for low in range(0, len(rows), BLOCK):
        some = rows[low : low + BLOCK]
        told = np.asarray(work.told[some, place], np.float64)
        heard = np.isfinite(told)
        block = np.column_stack([np.ones(heard.sum()), work.features[some][heard], told[heard]])
        triangle = np.asarray(np.linalg.qr(np.vstack([triangle, block]), mode="r"))
    return triangle


def _solve(plan: Plan, voice: Voice, whole: NDArray[np.float64], target: NDArray[np.float64], flat: Vector) -> None:
    """Writes the parameters of one voice into the vector."""
    adds, numbers = _what_each_adds(plan, voice)
    reached = np.flatnonzero(np.abs(adds).any(axis=1))
    best = np.linalg.lstsq(whole[:, reached], target, rcond=None)[0]
    found = np.linalg.lstsq(adds[reached], best, rcond=None)[0]
    flat[numbers] = found


def _what_each_adds(plan: Plan, voice: Voice) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """What each number of the voice's parameters adds to the bias and to each weight of the sum that it is.

    Returns (1 + columns) x numbers, and where those numbers stand in the flat vector.
    """
    width = plan.program.widths[TASK]
    probes = np.vstack([np.zeros(width), np.eye(width)])
    views = plan.layout.views(np.zeros(plan.layout.size))
    slots, _ = run(plan.program, probes, views, Moment())
    gradients = []
    for row in range(len(probes)):
        one = np.zeros_like(slots[voice.slot])
        one[row] = 1.0
        gradient = np.zeros(plan.layout.size)
        told = run(plan.program, probes, views, Moment())[1]({voice.slot: one})
        for view, re_parameter in zip(plan.layout.views(gradient), told.parameters, strict=True):
            if re_parameter is not None:
                view[...] = re_parameter
        gradients.append(gradient)
    adds = np.array(gradients)
    adds[1:] -= adds[0]
    mine = np.zeros(plan.layout.size, bool)
    parameters = {index for step in before(plan, voice.slot) for index in step.parameters}
    for index in parameters:
        plan.layout.places[index].view(mine)[...] = True
    numbers = np.flatnonzero(mine)
    return adds[:, numbers], numbers
