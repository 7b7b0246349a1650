"""How well a team does on given rows, in the target's units, beside the best that a single number could do."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from engine.arrays import RowIds, Vector
from engine.callbacks import run
from engine.primitive import Moment
from engine.training.executor import Work
from engine.training.split import Split

BLOCK = 8_192


def judge(work: Work, parameters: Vector, examples: RowIds, softness: float = 0.0) -> list[float | None]:
    """The mean loss of each estimate over these examples; None where there are none or the loss is no number."""
    estimates, stacked = work.plan.estimates, work.plan.stacked
    totals = np.zeros(len(estimates))
    views = stacked.team_layout.views(parameters)
    with np.errstate(over="ignore", invalid="ignore"):
        block = BLOCK if work.groups is None else max(1, BLOCK * len(work.targets) // len(work.features))
        for low in range(0, len(examples), block):
            some = examples[low : low + block]
            rows, groups = work.rows(some)
            slots, _ = run(stacked.program, work.features[rows], views, Moment(softness, groups=groups))
            for place, estimate in enumerate(estimates):
                result = slots[stacked.slots[estimate.slot]]
                totals[place] += estimate.target.rows(result, work.targets[some, place]).sum()
    return in_target_units(work, totals / len(examples) if len(examples) else np.full(len(totals), np.nan))


def baseline(work: Work, parts: Split) -> list[tuple[float | None, float | None]]:
    """What the best single answer for all training rows would come to, on those and on the rows kept aside."""
    found = []
    for rows in (parts.train, parts.holdout):
        means = np.full(len(work.plan.estimates), np.nan)
        for place, estimate in enumerate(work.plan.estimates):
            if len(rows):
                target = estimate.target
                constant = target.kind.constant(work.targets[parts.train, place], target.extra, target.width)
                answers = np.broadcast_to(constant, (len(rows), target.width))
                means[place] = target.rows(answers, work.targets[rows, place]).mean()
        found.append(in_target_units(work, means))
    return list(zip(*found, strict=True))


def of_estimates(work: Work, by_voice: NDArray[np.floating]) -> list[float | None]:
    """The mean loss of each estimate's voices, out of theirs."""
    places = [voice.place for voice in work.plan.voices]
    counts = np.bincount(places, minlength=len(work.plan.estimates))
    return in_target_units(work, np.bincount(places, weights=by_voice) / counts)


def in_target_units(work: Work, means: NDArray[np.floating]) -> list[float | None]:
    """Mean losses on the team's own scale, as mean losses in the target's units."""
    units = [estimate.target.loss_unit for estimate in work.plan.estimates]
    told = [float(mean * unit) for mean, unit in zip(means, units, strict=True)]
    return [value if math.isfinite(value) else None for value in told]
