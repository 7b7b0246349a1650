"""result = task . weights, plus a bias: what every linear worker is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from engine.arrays import Answer, Array, PrimitiveFeedback, Rows
from engine.primitive import Moment, Primitive, Shape
from engine.shown import Shown


@dataclass(frozen=True)
class Affine(Primitive):
    """One input of any width; weights: outputs x width, bias: outputs."""

    title: ClassVar[str] = "Affine"
    help: ClassVar[str] = "Weighs its inputs, adds them up, and adds a bias: any number of such sums at once."
    formula: ClassVar[str] = "W·x + b"
    feedback: ClassVar[str] = "The weights get it times the input, the bias all of it, the input it times the weights."
    shown: ClassVar[Shown] = Shown(parameters={"1": [[0.8]], "2": [0.5]})
    linear: ClassVar[bool] = True

    outputs: int = 1
    bias: bool = True

    def width(self, widths: Sequence[int]) -> int:
        super().width(widths)
        return self.outputs

    def shapes(self, widths: Sequence[int]) -> Sequence[Shape]:
        weights = (self.outputs, widths[0])
        return (weights, (self.outputs,)) if self.bias else (weights,)

    def forward(
        self, inputs: Sequence[Rows], parameters: Sequence[Array], moment: Moment
    ) -> tuple[Rows, PrimitiveFeedback]:
        (task,), weights = inputs, parameters[0]
        result = task @ weights.T
        if self.bias:
            result = result + parameters[1]

        def feedback(re_result: Rows) -> Answer:
            re_weights = re_result.T @ task
            re_bias = (re_result.sum(axis=0),) if self.bias else ()
            return (re_result @ weights,), (re_weights, *re_bias)

        return result, feedback


primitive = Affine
examples = ((Affine(), (3,)), (Affine(4), (3,)), (Affine(2, bias=False), (1,)))
