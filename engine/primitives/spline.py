"""Bends each number along a curve of its own: straight between heights that it learns, level beyond them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from engine.arrays import Answer, Array, PrimitiveFeedback, Rows
from engine.primitive import Moment, Primitive, Shape
from engine.shown import Shown


@dataclass(frozen=True)
class Spline(Primitive):
    """One input of any width; heights: knots x width, evenly from -reach to +reach."""

    title: ClassVar[str] = "Spline"
    help: ClassVar[str] = "Bends each number along a curve: straight between heights that it learns, level beyond."
    formula: ClassVar[str] = "curve(x)"
    feedback: ClassVar[str] = "The two heights beside the number get a part each; the input gets it times the slope."
    shown: ClassVar[Shown] = Shown(parameters={"1": [[-1.0], [0.5], [2.0], [1.5], [0.5], [-1.0], [-1.5]]})

    knots: int = 7
    reach: float = 3.0

    def shapes(self, widths: Sequence[int]) -> Sequence[Shape]:
        return ((self.knots, widths[0]),)

    def forward(
        self, inputs: Sequence[Rows], parameters: Sequence[Array], moment: Moment
    ) -> tuple[Rows, PrimitiveFeedback]:
        (task,), (heights,), columns = inputs, parameters, np.arange(inputs[0].shape[1])
        gap = task.dtype.type(2 * self.reach / (self.knots - 1))
        place = np.clip((task + task.dtype.type(self.reach)) / gap, 0, self.knots - 1)
        left = np.clip(place.astype(np.intp), 0, self.knots - 2)  # what is no number becomes one out of bounds
        share = place - left.astype(task.dtype)
        low, high = heights[left, columns], heights[left + 1, columns]

        def feedback(re_result: Rows) -> Answer:
            re_heights = np.zeros_like(heights)
            np.add.at(re_heights, (left, columns), re_result * (1 - share))
            np.add.at(re_heights, (left + 1, columns), re_result * share)
            inside = (place > 0) & (place < self.knots - 1)
            return (np.where(inside, re_result * (high - low) / gap, 0),), (re_heights,)

        return low + share * (high - low), feedback


primitive = Spline
examples = ((Spline(), (3,)), (Spline(2, 1.0), (2,)), (Spline(12, 0.5), (1,)))
