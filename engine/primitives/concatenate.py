"""Puts its inputs side by side; the feedback is cut where they were joined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from engine.arrays import Answer, Array, PrimitiveFeedback, Rows
from engine.primitive import Moment, Primitive


@dataclass(frozen=True)
class Concatenate(Primitive):
    """Any number of inputs of any widths."""

    title: ClassVar[str] = "Concatenate"
    help: ClassVar[str] = "Puts its inputs side by side."
    formula: ClassVar[str] = "(a, b, …)"
    feedback: ClassVar[str] = "It is cut where the inputs were joined, and each gets its own part."
    linear: ClassVar[bool] = True

    def width(self, widths: Sequence[int]) -> int:
        return sum(widths)

    def forward(
        self, inputs: Sequence[Rows], parameters: Sequence[Array], moment: Moment
    ) -> tuple[Rows, PrimitiveFeedback]:
        cuts = np.cumsum([task.shape[1] for task in inputs])[:-1]

        def feedback(re_result: Rows) -> Answer:
            return tuple(np.split(re_result, cuts, axis=1)), ()

        return np.concatenate(inputs, axis=1), feedback


primitive = Concatenate
examples = ((Concatenate(), (1, 3, 2)), (Concatenate(), (2,)))
