"""Lets one of its inputs through, row by row: the one that scores highest; only that one gets the feedback.

While training it may be soft: a blend by the softmax of the scores, which lets the scores learn whom to choose.
Jacobs, Jordan, Nowlan and Hinton, "Adaptive Mixtures of Local Experts", 1991.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Answer, Array, PrimitiveFeedback, Rows
from engine.errors import ShapeMismatch
from engine.primitive import Moment, Primitive
from engine.widths import equal


@dataclass(frozen=True)
class Choose(Primitive):
    """First the scores, one number for each further input; then the inputs, of one width.

    softens: whether it follows the moment's softness, or is hard from the start.
    """

    title: ClassVar[str] = "Choose"
    help: ClassVar[str] = "Lets one of its inputs through, row by row: the one with the highest score."
    formula: ClassVar[str] = "the input with the highest score"
    feedback: ClassVar[str] = "Only the chosen input of a row gets that row's; the scores get some while it is soft."

    softens: bool = True
    first_contender: ClassVar[int] = 1

    def width(self, widths: Sequence[int]) -> int:
        width = equal(widths[1:])
        if widths[0] != len(widths) - 1:
            raise ShapeMismatch(f"it chooses among {len(widths) - 1}, and is given {widths[0]} scores.")
        return width

    def forward(
        self, inputs: Sequence[Rows], parameters: Sequence[Array], moment: Moment
    ) -> tuple[Rows, PrimitiveFeedback]:
        scores, estimates = inputs[0], np.stack(inputs[1:])
        if self.softens and moment.softness > 0:
            return self._soft(scores, estimates, moment.softness)
        chosen = scores.argmax(axis=1)

        def feedback(re_result: Rows) -> Answer:
            told = [np.where(chosen[:, None] == index, re_result, 0) for index in range(len(estimates))]
            return (np.zeros_like(scores), *told), ()

        return estimates[chosen, np.arange(len(scores))], feedback

    def winners(self, inputs: Sequence[Rows]) -> NDArray[np.integer]:
        """rows x width: the index of the input that is chosen, the scores being input 0."""
        chosen = inputs[0].argmax(axis=1)[:, None] + 1
        return np.broadcast_to(chosen, inputs[1].shape)

    def _soft(self, scores: Rows, estimates: NDArray[np.floating], softness: float) -> tuple[Rows, PrimitiveFeedback]:
        weights = np.exp((scores - scores.max(axis=1, keepdims=True)) / softness)
        shares = weights / weights.sum(axis=1, keepdims=True)
        result = np.einsum("rk,krw->rw", shares, estimates)

        def feedback(re_result: Rows) -> Answer:
            gains = np.einsum("rw,krw->rk", re_result, estimates - result)
            told = [shares[:, index, None] * re_result for index in range(len(estimates))]
            return (shares * gains / softness, *told), ()

        return result, feedback


primitive = Choose
examples = ((Choose(), (3, 2, 2, 2)), (Choose(softens=False), (2, 1, 1)))
