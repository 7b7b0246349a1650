"""The squared error: large misses count far more than small ones."""

from __future__ import annotations

from engine.arrays import Rows, Vector
from engine.loss import Loss


def rows(result: Rows, target: Vector) -> Vector:
    miss: Vector = result[:, 0] - target
    return miss * miss


def feedback(result: Rows, target: Vector) -> Rows:
    return 2 * (result - target[:, None])


loss = Loss(
    title="Squared error",
    help="The square of what the estimate misses by; its feedback is twice the miss.",
    rows=rows,
    feedback=feedback,
    power=2,
)
