"""Adds its inputs up; each of them gets all of the feedback."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from engine.arrays import Answer, Array, PrimitiveFeedback, Rows
from engine.primitive import Moment, Primitive
from engine.widths import equal


@dataclass(frozen=True)
class Add(Primitive):
    """Any number of inputs of one width."""

    title: ClassVar[str] = "Add"
    help: ClassVar[str] = "Adds its inputs up."
    formula: ClassVar[str] = "a + b + …"
    feedback: ClassVar[str] = "Each input gets all of the feedback."
    linear: ClassVar[bool] = True

    def width(self, widths: Sequence[int]) -> int:
        return equal(widths)

    def forward(
        self, inputs: Sequence[Rows], parameters: Sequence[Array], moment: Moment
    ) -> tuple[Rows, PrimitiveFeedback]:
        total = inputs[0]
        for addend in inputs[1:]:
            total = total + addend

        def feedback(re_total: Rows) -> Answer:
            return (re_total,) * len(inputs), ()

        return total, feedback


primitive = Add
examples = ((Add(), (2, 2, 2)), (Add(), (1,)))
