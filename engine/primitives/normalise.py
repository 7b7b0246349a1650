"""Brings each row to mean 0 and deviation 1, then stretches and shifts it as it has learnt.

Ba, Kiros and Hinton, "Layer Normalization", 2016.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from engine.arrays import Answer, Array, PrimitiveFeedback, Rows
from engine.primitive import Moment, Primitive, Shape
from engine.shown import Shown


@dataclass(frozen=True)
class Normalise(Primitive):
    """One input of any width; scale and shift: one number a column."""

    title: ClassVar[str] = "Normalise"
    help: ClassVar[str] = "Brings each row to mean 0 and deviation 1, then stretches and shifts it as it has learnt."
    formula: ClassVar[str] = "(x - mean) / deviation · scale + shift"
    feedback: ClassVar[str] = "What would only shift or stretch the whole row is taken out of it."
    shown: ClassVar[Shown] = Shown(beside=(-0.5, 1.0), parameters={"1": [1.0, 1.0, 1.0], "2": [0.0, 0.0, 0.0]})

    piecewise_linear: ClassVar[bool] = False
    epsilon: ClassVar[float] = 1e-5

    def shapes(self, widths: Sequence[int]) -> Sequence[Shape]:
        return (widths[0],), (widths[0],)

    def forward(
        self, inputs: Sequence[Rows], parameters: Sequence[Array], moment: Moment
    ) -> tuple[Rows, PrimitiveFeedback]:
        (task,), (scale, shift) = inputs, parameters
        centred = task - task.mean(axis=1, keepdims=True)
        inverse = 1 / np.sqrt((centred * centred).mean(axis=1, keepdims=True) + task.dtype.type(self.epsilon))
        level = centred * inverse

        def feedback(re_result: Rows) -> Answer:
            re_level = re_result * scale
            mean = re_level.mean(axis=1, keepdims=True)
            along = (re_level * level).mean(axis=1, keepdims=True)
            return (inverse * (re_level - mean - level * along),), ((re_result * level).sum(0), re_result.sum(0))

        return level * scale + shift, feedback


primitive = Normalise
examples = ((Normalise(), (4,)), (Normalise(), (2,)))
