"""The quantile loss: too low costs more than too high, or the other way round.

Koenker and Bassett, "Regression Quantiles", 1978.
"""

from __future__ import annotations

import numpy as np

from engine.arrays import Rows, Vector
from engine.loss import Loss


def rows(result: Rows, target: Vector, extra: float) -> Vector:
    """extra: the share of targets that are to lie below the estimate."""
    miss = target - result[:, 0]
    return np.maximum(extra * miss, (extra - 1) * miss)


def feedback(result: Rows, target: Vector, extra: float) -> Rows:
    miss = result - target[:, None]
    told = np.where(miss > 0, 1 - extra, np.where(miss < 0, -extra, 0.0))
    return told.astype(result.dtype)


def constant(target: Vector, extra: float, width: int) -> Vector:
    return np.array([np.quantile(target, extra, method="inverted_cdf")])


loss = Loss(
    title="Quantile",
    help="Estimates what a given share of the targets stay below, such as nine tenths.",
    rows=rows,
    feedback=feedback,
    constant=constant,
    power=1,
    extra="quantile",
)
