"""How well a team does on given rows, in the target's units, beside the best that a single number could do."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from engine.arrays import RowIds, Vector
from engine.training.executor import Executor, Work
from engine.training.split import Split

BLOCK = 65_536
MOST_ROWS, FEWEST_ROWS = 1_024, 256
MOST_MULTIPLICATIONS = 1 << 24
"""Of a reading's judgement, unless the fewest rows take more."""


def few_rows(work: Work) -> int:
    """How many examples a reading judges: fewer where one takes many multiplications."""
    of_one = work.plan.layout.size * len(work.features) // len(work.targets)
    return min(MOST_ROWS, max(FEWEST_ROWS, MOST_MULTIPLICATIONS // max(of_one, 1)))


def judge(
    executor: Executor, work: Work, parameters: Vector, examples: RowIds, softness: float = 0.0
) -> list[float | None]:
    """The mean loss of each estimate over these examples; None where there are none or the loss is no number."""
    estimates = work.plan.estimates
    if not len(examples):
        return [None] * len(estimates)
    slots = [estimate.slot for estimate in estimates]
    totals = np.zeros(len(estimates))
    with np.errstate(over="ignore", invalid="ignore"):
        for low in range(0, len(examples), BLOCK):
            some = examples[low : low + BLOCK]
            results = executor.results(parameters, some, slots, softness)
            for place, (estimate, result) in enumerate(zip(estimates, results, strict=True)):
                totals[place] += estimate.target.rows(result, work.targets[some, place]).sum()
    return in_target_units(work, totals / len(examples))


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
    totals, counts = [0.0] * len(work.plan.estimates), [0] * len(work.plan.estimates)
    for voice, loss in zip(work.plan.voices, by_voice.tolist(), strict=True):
        totals[voice.place] += loss
        counts[voice.place] += 1
    return in_target_units(work, [total / count for total, count in zip(totals, counts, strict=True)])


def in_target_units(work: Work, means: Iterable[float]) -> list[float | None]:
    """Mean losses on the team's own scale, as mean losses in the target's units."""
    units = [estimate.target.loss_unit for estimate in work.plan.estimates]
    told = [float(mean * unit) for mean, unit in zip(means, units, strict=True)]
    return [value if math.isfinite(value) else None for value in told]
