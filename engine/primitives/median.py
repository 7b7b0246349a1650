"""Lets the middle one of its inputs through, row by row; of an even number the mean of the middle two.

Only those in the middle get the feedback.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from engine.arrays import Answer, Array, PrimitiveFeedback, Rows
from engine.primitive import Moment, Primitive
from engine.shown import Shown
from engine.widths import equal


@dataclass(frozen=True)
class Median(Primitive):
    """Any number of inputs of one width; of equal inputs the first ranks lower."""

    title: ClassVar[str] = "Median"
    help: ClassVar[str] = "Lets the middle one of its inputs through, row by row; of two in the middle their mean."
    formula: ClassVar[str] = "median(a, b, …)"
    feedback: ClassVar[str] = "Only those in the middle of a row get that row's feedback."
    shown: ClassVar[Shown] = Shown(lines=3)

    def width(self, widths: Sequence[int]) -> int:
        return equal(widths)

    def forward(
        self, inputs: Sequence[Rows], parameters: Sequence[Array], moment: Moment
    ) -> tuple[Rows, PrimitiveFeedback]:
        estimates, count = np.stack(inputs), len(inputs)
        order = estimates.argsort(axis=0, kind="stable")
        middle = order[(count - 1) // 2 : count // 2 + 1]
        share = estimates.dtype.type(1 / len(middle))
        result = np.take_along_axis(estimates, middle, axis=0).sum(axis=0) * share

        def feedback(re_result: Rows) -> Answer:
            told = [np.where((middle == index).any(axis=0), re_result * share, 0) for index in range(count)]
            return tuple(told), ()

        return result, feedback


primitive = Median
examples = ((Median(), (2, 2, 2)), (Median(), (1, 1, 1, 1)), (Median(), (1, 1)))
