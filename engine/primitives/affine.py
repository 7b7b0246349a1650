"""result = task . weights, plus a bias: what every linear worker is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.arrays import Answer, Array, PrimitiveFeedback, Rows
from engine.primitive import Moment, Primitive, Shape


@dataclass(frozen=True)
class Affine(Primitive):
    """One input of any width; weights: outputs x width, bias: outputs."""

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
