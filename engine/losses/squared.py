"""The squared error: large misses count far more than small ones."""

from __future__ import annotations

import numpy as np

from engine.arrays import Rows, Vector
from engine.loss import Loss


def rows(result: Rows, target: Vector, extra: float) -> Vector:
    miss: Vector = result[:, 0] - target
    return miss * miss


def feedback(result: Rows, target: Vector, extra: float) -> Rows:
    return 2 * (result - target[:, None])


def constant(target: Vector, extra: float, width: int) -> Vector:
    return np.array([target.mean()])


loss = Loss(
    title="Squared error",
    help="The square of what the estimate misses by; its feedback is twice the miss.",
    rows=rows,
    feedback=feedback,
    constant=constant,
    power=2,
)
