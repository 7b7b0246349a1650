"""The parameters that a training begins with: drawn from the seed, but for workers that begin at the best line."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine import line
from engine.arrays import RowIds, Rows, Vector
from engine.callbacks import run
from engine.loss import CHANCE, CLASSES, VALUE
from engine.plan import Voice
from engine.primitive import Moment
from engine.program import TASK, Step
from engine.training.executor import Work
from engine.training.split import evenly
from engine.training.turns import before

MOST_ROWS = 50_000
MOST_CLASS_ROWS = 20_000
MOST_COLUMNS = 2_000


def begin(work: Work, rows: RowIds, seed: int) -> Vector:
    """The flat vector before the first step, in the precision of the training. rows: those that are learnt from."""
    plan = work.plan
    flat = plan.start(seed)
    views = plan.layout.views(flat)
    lines = [step for step in plan.program.steps if any(plan.program.parameters[one].line for one in step.parameters)]
    for slot in dict.fromkeys(step.inputs[0] for step in lines):
        together = [step for step in lines if step.inputs[0] == slot]
        for step, (weights, bias) in _lines(work, rows, together, views):
            views[step.parameters[0]][...] = weights
            if len(step.parameters) > 1:
                views[step.parameters[1]][...] = bias
    if lines and work.acting.lows is not None and work.acting.highs is not None:
        flat = np.clip(flat, work.acting.lows, work.acting.highs)
    return flat.astype(work.features.dtype)


def _lines(work: Work, rows: RowIds, steps: list[Step], views: list[Rows]) -> list[tuple[Step, line.Line]]:
    """For each step that reads one task and speaks to a voice, the best line of that voice."""
    plan = work.plan
    heard_by = {id(step): _voice(work, step) for step in steps}
    found: list[tuple[Step, line.Line]] = []
    for place in dict.fromkeys(plan.voices[voice].place for voice in heard_by.values() if voice is not None):
        mine = [(step, voice) for step in steps if (voice := heard_by[id(step)]) is not None]
        mine = [(step, voice) for step, voice in mine if plan.voices[voice].place == place]
        numbers = [voice for _, voice in mine]
        target = plan.estimates[place].target
        some = evenly(rows, MOST_ROWS if target.kind.told == VALUE else MOST_CLASS_ROWS)
        task = _task(work, some, mine[0][0].inputs[0], views)
        if len(task) != len(some):
            continue
        told = np.isfinite(np.asarray(work.told[some][:, numbers]))
        fitted = _fitted(task, np.asarray(work.targets[some, place], np.float64), plan.voices[numbers[0]], told)
        found += [
            (step, one)
            for (step, _), one in zip(mine, fitted, strict=True)
            if one[0].shape[0] == plan.program.widths[plan.program.steps.index(step) + 1]
        ]
    return found


def _voice(work: Work, step: Step) -> int | None:
    """The first voice that the step is part of; None where there is none."""
    places = (place for place, voice in enumerate(work.plan.voices) if step in before(work.plan, voice.slot))
    return next(places, None)


def _task(work: Work, examples: RowIds, slot: int, views: list[Rows]) -> NDArray[np.float64]:
    """What stands in a slot; where examples are groups of rows, it may be as long as those."""
    rows, groups = work.rows(examples)
    features = np.asarray(work.features[rows], np.float64)
    if slot == TASK:
        return features
    return np.asarray(run(work.plan.program, features, views, Moment(groups=groups))[0][slot], np.float64)


def _fitted(
    task: NDArray[np.float64], target: NDArray[np.float64], voice: Voice, told: NDArray[np.bool_]
) -> list[line.Line]:
    """By column of `told` the line; none where lines cannot be drawn: for rates, and for very many columns."""
    heard, kind = list(told.T), voice.target.kind.told
    if task.shape[1] <= MOST_COLUMNS and np.isfinite(task).all():
        if kind == VALUE:
            return line.squares(task, target, heard)
        if kind in (CHANCE, CLASSES):
            return line.chances(task, target, voice.target.width, heard)
    nothing = np.zeros((voice.target.width, task.shape[1])), np.zeros(voice.target.width)
    return [nothing for _ in heard]
