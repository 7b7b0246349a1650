"""Adds its inputs up by shares that it learns; the shares are a softmax, so they add up to one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from engine.arrays import Answer, Array, PrimitiveFeedback, Rows
from engine.primitive import Moment, Primitive, Shape
from engine.shown import Shown
from engine.widths import equal


@dataclass(frozen=True)
class Weigh(Primitive):
    """Any number of inputs of one width; scores: one number an input, whose softmax are the shares."""

    title: ClassVar[str] = "Weigh"
    help: ClassVar[str] = "Adds its inputs up by shares that it learns; the shares add up to one."
    formula: ClassVar[str] = "p·a + q·b + …, p + q + … = 1"
    feedback: ClassVar[str] = "Each input gets it times its share; a share grows where its input was above the average."
    shown: ClassVar[Shown] = Shown(parameters={"1": [1.0, 0.0]})

    def width(self, widths: Sequence[int]) -> int:
        return equal(widths)

    def shapes(self, widths: Sequence[int]) -> Sequence[Shape]:
        return ((len(widths),),)

    def forward(
        self, inputs: Sequence[Rows], parameters: Sequence[Array], moment: Moment
    ) -> tuple[Rows, PrimitiveFeedback]:
        estimates, (scores,) = np.stack(inputs), parameters
        weights = np.exp(scores - scores.max())
        shares = weights / weights.sum()
        result = np.einsum("k,krw->rw", shares, estimates)

        def feedback(re_result: Rows) -> Answer:
            gains = np.einsum("rw,krw->k", re_result, estimates - result)
            return tuple(share * re_result for share in shares), (shares * gains,)

        return result, feedback


primitive = Weigh
examples = ((Weigh(), (2, 2, 2)), (Weigh(), (1, 1)), (Weigh(), (1,)))
