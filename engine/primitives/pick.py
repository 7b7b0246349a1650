"""Hands on some of the numbers of its input; the others get no feedback."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from engine.arrays import Answer, Array, PrimitiveFeedback, Rows
from engine.errors import ShapeMismatch
from engine.primitive import Moment, Primitive
from engine.shown import Shown


@dataclass(frozen=True)
class Pick(Primitive):
    """One input; `places` says which of its numbers are handed on, in which order, each at most once."""

    title: ClassVar[str] = "Pick"
    help: ClassVar[str] = "Hands on some of the numbers of its input; the picture shows two of four."
    formula: ClassVar[str] = "(x₁, x₃)"
    feedback: ClassVar[str] = "The numbers that were picked get theirs; the others get none."
    shown: ClassVar[Shown] = Shown(example=2, beside=(-1.0, 1.5, 0.5))
    linear: ClassVar[bool] = True

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
examples = ((Pick((2, 0)), (4,)), (Pick((0,)), (1,)), (Pick((0, 2)), (4,)))
