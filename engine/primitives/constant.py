"""The same learnt numbers for every row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from engine.arrays import Answer, Array, PrimitiveFeedback, Rows
from engine.primitive import Moment, Primitive, Shape
from engine.shown import Shown


@dataclass(frozen=True)
class Constant(Primitive):
    """One input, of which it looks at nothing but how many rows there are; bias: outputs."""

    title: ClassVar[str] = "Constant"
    help: ClassVar[str] = "Gives the same learnt numbers for every row, whatever the input."
    formula: ClassVar[str] = "b"
    feedback: ClassVar[str] = "The numbers get the feedback of all rows, added up; the input gets none."
    shown: ClassVar[Shown] = Shown(parameters={"1": [1.0]})
    linear: ClassVar[bool] = True

    outputs: int = 1

    def width(self, widths: Sequence[int]) -> int:
        super().width(widths)
        return self.outputs

    def shapes(self, widths: Sequence[int]) -> Sequence[Shape]:
        return ((self.outputs,),)

    def forward(
        self, inputs: Sequence[Rows], parameters: Sequence[Array], moment: Moment
    ) -> tuple[Rows, PrimitiveFeedback]:
        (task,), (bias,) = inputs, parameters

        def feedback(re_result: Rows) -> Answer:
            return (None,), (re_result.sum(axis=0),)

        return np.repeat(bias[None], len(task), axis=0), feedback


primitive = Constant
examples = ((Constant(), (3,)), (Constant(2), (1,)))
