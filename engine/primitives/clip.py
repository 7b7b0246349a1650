"""Keeps what lies between two numbers and cuts off the rest; where it cuts, no feedback gets through."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from engine.arrays import Answer, Array, PrimitiveFeedback, Rows
from engine.primitive import Moment, Primitive
from engine.shown import Shown


@dataclass(frozen=True)
class Clip(Primitive):
    """One input of any width. Clip(0) is the rectifier."""

    title: ClassVar[str] = "Clip"
    help: ClassVar[str] = "Keeps what lies between two numbers and cuts off the rest; with zero alone it is ReLU."
    formula: ClassVar[str] = "min(max(x, low), high)"
    feedback: ClassVar[str] = "It gets through where nothing was cut off."
    shown: ClassVar[Shown] = Shown(example=1)

    low: float = -math.inf
    high: float = math.inf

    def forward(
        self, inputs: Sequence[Rows], parameters: Sequence[Array], moment: Moment
    ) -> tuple[Rows, PrimitiveFeedback]:
        (task,) = inputs

        def feedback(re_result: Rows) -> Answer:
            return (np.where((task > self.low) & (task < self.high), re_result, 0),), ()

        return np.clip(task, task.dtype.type(self.low), task.dtype.type(self.high)), feedback


primitive = Clip
examples = ((Clip(0), (3,)), (Clip(-0.5, 1.5), (2,)), (Clip(high=0.25), (1,)))
