"""How well a team does on given rows, in the target's units, beside the best that a single number could do."""

from __future__ import annotations

import math

import numpy as np

from engine.arrays import RowIds, Vector
from engine.callbacks import run
from engine.primitive import Moment
from engine.training.executor import Work
from engine.training.split import Split

BLOCK = 8_192


def judge(work: Work, parameters: Vector, rows: RowIds, softness: float = 0.0) -> list[float | None]:
    """The mean loss of each estimate over these rows; None where there are no rows or the loss is no number."""
    totals = np.zeros(len(work.losses))
    views = work.plan.layout.views(parameters)
    with np.errstate(over="ignore", invalid="ignore"):
        for low in range(0, len(rows), BLOCK):
            some = rows[low : low + BLOCK]
            slots, _ = run(work.plan.program, work.features[some], views, Moment(softness))
            for place, (estimate, loss) in enumerate(zip(work.plan.estimates, work.losses, strict=True)):
                totals[place] += loss.rows(slots[estimate.slot], work.targets[some, place]).sum()
    return in_target_units(work, totals / len(rows) if len(rows) else np.full(len(totals), np.nan))


def baseline(work: Work, parts: Split) -> list[tuple[float | None, float | None]]:
    """What the mean of the training rows would come to, on the training rows and on those kept aside."""
    found = []
    for rows in (parts.train, parts.holdout):
        means = np.full(len(work.losses), np.nan)
        for place, loss in enumerate(work.losses):
            if len(rows):
                constant = np.full((len(rows), 1), work.targets[parts.train, place].mean())
                means[place] = loss.rows(constant, work.targets[rows, place]).mean()
        found.append(in_target_units(work, means))
    return list(zip(*found, strict=True))


def in_target_units(work: Work, means: np.ndarray) -> list[float | None]:
    """Mean losses on the team's own scale, as mean losses in the target's units."""
    scales = [
        estimate.target.scale**loss.power for estimate, loss in zip(work.plan.estimates, work.losses, strict=True)
    ]
    told = [float(mean * scale) for mean, scale in zip(means, scales, strict=True)]
    return [value if math.isfinite(value) else None for value in told]
