"""The cross-entropy: one score a class; the chances are their softmax."""

from __future__ import annotations

import numpy as np

from engine.arrays import Rows, Vector
from engine.loss import CLASSES, Loss


def rows(result: Rows, target: Vector, extra: float) -> Vector:
    top = result.max(axis=1)
    total: Vector = np.log(np.exp(result - top[:, None]).sum(axis=1)) + top
    return total - result[np.arange(len(result)), target.astype(np.intp)]


def feedback(result: Rows, target: Vector, extra: float) -> Rows:
    weights = np.exp(result - result.max(axis=1, keepdims=True))
    told: Rows = weights / weights.sum(axis=1, keepdims=True)
    told[np.arange(len(result)), target.astype(np.intp)] -= 1
    return told


def constant(target: Vector, extra: float, width: int) -> Vector:
    counts = np.bincount(target.astype(np.intp), minlength=width)
    return np.log((counts + 1e-9) / len(target))


loss = Loss(
    title="Cross-entropy",
    help="For several classes: the surprise at the right one; its feedback is the chances given less the answer.",
    rows=rows,
    feedback=feedback,
    constant=constant,
    power=0,
    told=CLASSES,
)
