"""Turns numbers into shares that add up to one, the larger ones getting most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from engine.arrays import Answer, Array, PrimitiveFeedback, Rows
from engine.primitive import Moment, Primitive
from engine.shown import Shown


@dataclass(frozen=True)
class Softmax(Primitive):
    """One input of any width; shares over each row."""

    title: ClassVar[str] = "Softmax"
    help: ClassVar[str] = "Turns numbers into shares that add up to one, the larger ones getting most."
    formula: ClassVar[str] = "exp(xᵢ) / Σ exp(x)"
    feedback: ClassVar[str] = "A share gets its own feedback less the average of all, weighted by the shares."
    shown: ClassVar[Shown] = Shown(beside=(0.0, -1.0))

    piecewise_linear: ClassVar[bool] = False

    def forward(
        self, inputs: Sequence[Rows], parameters: Sequence[Array], moment: Moment
    ) -> tuple[Rows, PrimitiveFeedback]:
        (task,) = inputs
        weights = np.exp(task - task.max(axis=1, keepdims=True))
        shares = weights / weights.sum(axis=1, keepdims=True)

        def feedback(re_shares: Rows) -> Answer:
            return (shares * (re_shares - (re_shares * shares).sum(axis=1, keepdims=True)),), ()

        return shares, feedback


primitive = Softmax
examples = ((Softmax(), (4,)), (Softmax(), (2,)))
