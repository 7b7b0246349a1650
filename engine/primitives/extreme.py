"""Lets the highest (or the lowest) of its inputs through, row by row; only the winner gets the feedback.

While training it may be soft: t * log(mean(exp(z / t))), which is the average for a large t and the maximum for
t = 0, and shares the feedback out as exp(z / t). Starting soft lets every worker learn before they specialise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Answer, Array, PrimitiveFeedback, Rows
from engine.primitive import Moment, Primitive
from engine.widths import equal


@dataclass(frozen=True)
class Extreme(Primitive):
    """Any number of inputs of one width. The first of equal inputs wins.

    highest: the maximum, or else the minimum.
    softens: whether it follows the moment's softness, or is hard from the start.
    """

    title: ClassVar[str] = "Extreme"
    help: ClassVar[str] = "Lets the highest of its inputs through, row by row, or the lowest; of equal ones the first."
    formula: ClassVar[str] = "max(a, b, …) or min(a, b, …)"
    feedback: ClassVar[str] = "Only the winner of a row gets that row's feedback; while it is soft, each gets a share."

    highest: bool = True
    softens: bool = True
    first_contender: ClassVar[int] = 0

    def width(self, widths: Sequence[int]) -> int:
        return equal(widths)

    def forward(
        self, inputs: Sequence[Rows], parameters: Sequence[Array], moment: Moment
    ) -> tuple[Rows, PrimitiveFeedback]:
        if self.softens and moment.softness > 0:
            return self._soft(np.stack(inputs), moment.softness)
        return self._hard(np.stack(inputs))

    def winners(self, inputs: Sequence[Rows]) -> NDArray[np.integer]:
        """rows x width: the index of the input that wins."""
        return self._winners(np.asarray(inputs))

    def _winners(self, estimates: NDArray[np.floating]) -> NDArray[np.integer]:
        winner: NDArray[np.integer] = estimates.argmax(axis=0) if self.highest else estimates.argmin(axis=0)
        return winner

    def _hard(self, estimates: NDArray[np.floating]) -> tuple[Rows, PrimitiveFeedback]:
        winner = self._winners(estimates)

        def feedback(re_result: Rows) -> Answer:
            return tuple(np.where(winner == index, re_result, 0) for index in range(len(estimates))), ()

        return np.take_along_axis(estimates, winner[None], axis=0)[0], feedback

    def _soft(self, estimates: NDArray[np.floating], softness: float) -> tuple[Rows, PrimitiveFeedback]:
        sign = 1.0 if self.highest else -1.0
        top = estimates.max(axis=0) if self.highest else estimates.min(axis=0)
        weights = np.exp((estimates - top) * (sign / softness))
        total = weights.sum(axis=0)
        result = top + sign * softness * np.log(total / len(estimates))

        def feedback(re_result: Rows) -> Answer:
            return tuple(weights / total * re_result), ()

        return result, feedback


primitive = Extreme
examples = ((Extreme(), (2, 2, 2)), (Extreme(highest=False), (1, 1)), (Extreme(softens=False), (3, 3)))
