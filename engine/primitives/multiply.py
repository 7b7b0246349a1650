"""Multiplies its inputs; each is told the feedback times all the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from engine.arrays import Answer, Array, PrimitiveFeedback, Rows
from engine.primitive import Moment, Primitive
from engine.widths import equal


@dataclass(frozen=True)
class Multiply(Primitive):
    """Any number of inputs of one width."""

    title: ClassVar[str] = "Multiply"
    help: ClassVar[str] = "Multiplies its inputs."
    formula: ClassVar[str] = "a · b · …"
    feedback: ClassVar[str] = "Each input gets the feedback times all the others."

    piecewise_linear: ClassVar[bool] = False

    def width(self, widths: Sequence[int]) -> int:
        return equal(widths)

    def forward(
        self, inputs: Sequence[Rows], parameters: Sequence[Array], moment: Moment
    ) -> tuple[Rows, PrimitiveFeedback]:
        before = [np.ones_like(inputs[0])]
        for task in inputs:
            before.append(before[-1] * task)

        def feedback(re_result: Rows) -> Answer:
            told, after = [], re_result
            for place in reversed(range(len(inputs))):
                told.append(before[place] * after)
                after = after * inputs[place]
            return tuple(reversed(told)), ()

        return before[-1], feedback


primitive = Multiply
examples = ((Multiply(), (2, 2, 2)), (Multiply(), (1, 1)), (Multiply(), (3,)))
