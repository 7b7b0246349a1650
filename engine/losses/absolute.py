"""The absolute error: every miss counts as much as it is far; the best single answer is the median."""

from __future__ import annotations

import numpy as np

from engine.arrays import Rows, Vector
from engine.loss import Loss


def rows(result: Rows, target: Vector, extra: float) -> Vector:
    return np.abs(result[:, 0] - target)


def feedback(result: Rows, target: Vector, extra: float) -> Rows:
    return np.sign(result - target[:, None])


def constant(target: Vector, extra: float, width: int) -> Vector:
    return np.array([np.median(target)])


loss = Loss(
    title="Absolute error",
    help="What the estimate misses by; its feedback is only whether it was too high or too low.",
    rows=rows,
    feedback=feedback,
    constant=constant,
    power=1,
)
