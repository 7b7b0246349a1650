"""The Huber loss: squared for small misses, straight for large ones, so that outliers do not rule.

Huber, "Robust Estimation of a Location Parameter", 1964.
"""

from __future__ import annotations

import numpy as np

from engine.arrays import Rows, Vector
from engine.loss import Loss


def rows(result: Rows, target: Vector, extra: float) -> Vector:
    """extra: where it turns straight, in deviations of the target."""
    size = np.abs(result[:, 0] - target)
    return np.where(size <= extra, size * size, extra * (2 * size - extra))


def feedback(result: Rows, target: Vector, extra: float) -> Rows:
    return 2 * np.clip(result - target[:, None], -extra, extra)


def constant(target: Vector, extra: float, width: int) -> Vector:
    """Near the best: the mean of what is not far from the median."""
    middle = np.median(target)
    return np.array([np.clip(target, middle - extra, middle + extra).mean()])


loss = Loss(
    title="Huber",
    help="The squared error for small misses, the absolute one for large ones: outliers do not rule.",
    rows=rows,
    feedback=feedback,
    constant=constant,
    power=2,
    extra="huber",
)
