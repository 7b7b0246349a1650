"""Hands on some of the numbers of its input; the others get no feedback."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.arrays import Answer, Array, PrimitiveFeedback, Rows
from engine.errors import ShapeMismatch
from engine.primitive import Moment, Primitive


@dataclass(frozen=True)
class Pick(Primitive):
    """One input; `places` says which of its numbers are handed on, in which order, each at most once."""

    places: tuple[int, ...]

    def width(self, widths: Sequence[int]) -> int:
        width = super().width(widths)
        if any(place >= width for place in self.places):
            raise ShapeMismatch(f"it picks number {max(self.places) + 1} of {width}.")
        return len(self.places)

    def forward(
        self, inputs: Sequence[Rows], parameters: Sequence[Array], moment: Moment
    ) -> tuple[Rows, PrimitiveFeedback]:
        (task,), places = inputs, list(self.places)

        def feedback(re_result: Rows) -> Answer:
            re_task = np.zeros((len(re_result), task.shape[1]), re_result.dtype)
            re_task[:, places] = re_result
            return (re_task,), ()

        return task[:, places], feedback


primitive = Pick
examples = ((Pick((2, 0)), (4,)), (Pick((0,)), (1,)))
