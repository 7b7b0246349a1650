"""The logistic loss: the estimate is a score, and the chance of a yes is its sigmoid."""

from __future__ import annotations

import numpy as np

from engine.arrays import Rows, Vector
from engine.loss import CHANCE, Loss
from engine.primitives.curve import sigmoid, softplus


def rows(result: Rows, target: Vector, extra: float) -> Vector:
    score: Vector = result[:, 0]
    return softplus(score)[0] - target * score


def feedback(result: Rows, target: Vector, extra: float) -> Rows:
    return np.asarray(sigmoid(result)[0] - target[:, None], result.dtype)


def constant(target: Vector, extra: float, width: int) -> Vector:
    share = np.clip(target.mean(), 1e-9, 1 - 1e-9)
    return np.array([np.log(share / (1 - share))])


loss = Loss(
    title="Logistic",
    help="For yes or no: the surprise at the answer; its feedback is the chance given less the answer.",
    rows=rows,
    feedback=feedback,
    constant=constant,
    power=0,
    told=CHANCE,
)
