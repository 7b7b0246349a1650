"""Multiplies by a fixed number; so the feedback is multiplied by it too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from engine.arrays import Answer, Array, PrimitiveFeedback, Rows
from engine.primitive import Moment, Primitive


@dataclass(frozen=True)
class Scale(Primitive):
    """One input of any width."""

    title: ClassVar[str] = "Scale"
    help: ClassVar[str] = "Multiplies by one fixed number."
    formula: ClassVar[str] = "factor · x"
    feedback: ClassVar[str] = "It is multiplied by the same number."
    linear: ClassVar[bool] = True

    factor: float = 1.0

    def forward(
        self, inputs: Sequence[Rows], parameters: Sequence[Array], moment: Moment
    ) -> tuple[Rows, PrimitiveFeedback]:
        (task,) = inputs

        def feedback(re_result: Rows) -> Answer:
            return (re_result * self.factor,), ()

        return task * self.factor, feedback


primitive = Scale
examples = ((Scale(0.25), (3,)), (Scale(-1.0), (1,)))
