"""Drops some numbers at random while training, and makes up for them by enlarging the others.

Srivastava and others, "Dropout", 2014. What is dropped follows from the seed, the step, the row and the place alone,
so that any worker can redo the step.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Answer, Array, PrimitiveFeedback, RowIds, Rows
from engine.primitive import Moment, Primitive
from engine.shown import Shown

MIX = (0xBF58476D1CE4E5B9, 0x94D049BB133111EB)
STEP, ROW, PLACE = 0x9E3779B97F4A7C15, 0xD1B54A32D192ED03, 0x8CB92BA72F3D8DD7


@dataclass(frozen=True)
class Mask(Primitive):
    """One input of any width; `rate` of its numbers are dropped. salt: tells one mask of a graph from another."""

    title: ClassVar[str] = "Mask"
    help: ClassVar[str] = "Drops some numbers at random while training, and enlarges the others to make up for them."
    formula: ClassVar[str] = "x / (1 - rate), or 0"
    feedback: ClassVar[str] = "What was dropped gets none; the rest is enlarged in the same way."
    shown: ClassVar[Shown] = Shown(learning=True)

    rate: float = 0.1
    salt: int = 0

    piecewise_linear: ClassVar[bool] = True

    def forward(
        self, inputs: Sequence[Rows], parameters: Sequence[Array], moment: Moment
    ) -> tuple[Rows, PrimitiveFeedback]:
        (task,) = inputs
        rows = moment.numbers(len(task))
        if not moment.learning or rows is None or self.rate == 0:
            return task, lambda re_result: ((re_result,), ())
        kept = (self._drawn(moment, rows, task.shape[1]) >= self.rate) / (1 - self.rate)
        factor = kept.astype(task.dtype)

        def feedback(re_result: Rows) -> Answer:
            return (re_result * factor,), ()

        return task * factor, feedback

    def _drawn(self, moment: Moment, numbers: RowIds, width: int) -> NDArray[np.float64]:
        """A number from 0 to 1 for each row and place, by the mixing function of splitmix64."""
        start = np.uint64(((moment.seed ^ self.salt) + moment.step * STEP) % 2**64)
        rows = np.asarray(numbers).astype(np.uint64)[:, None] * np.uint64(ROW)
        mixed = start + rows + np.arange(width, dtype=np.uint64) * np.uint64(PLACE)
        for shift, factor in zip((30, 27), MIX, strict=True):
            mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
        mixed ^= mixed >> np.uint64(31)
        return (mixed >> np.uint64(11)).astype(np.float64) * 2.0**-53


primitive = Mask
examples = ((Mask(0.3), (4,)), (Mask(0.5, salt=9), (1,)))
