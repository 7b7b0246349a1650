"""The Poisson loss: the estimate is the logarithm of a rate, for counts of things that happen."""

from __future__ import annotations

import numpy as np

from engine.arrays import Rows, Vector
from engine.loss import RATE, Loss


def rows(result: Rows, target: Vector, extra: float) -> Vector:
    score: Vector = result[:, 0]
    return np.exp(score) - target * score


def feedback(result: Rows, target: Vector, extra: float) -> Rows:
    return np.exp(result) - target[:, None]


def constant(target: Vector, extra: float, width: int) -> Vector:
    return np.array([np.log(max(target.mean(), 1e-9))])


loss = Loss(
    title="Poisson",
    help="For counts: the estimate is a rate above zero; its feedback is the rate less the count.",
    rows=rows,
    feedback=feedback,
    constant=constant,
    power=0,
    told=RATE,
)
