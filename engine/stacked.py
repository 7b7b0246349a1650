"""The primitives that only stacking makes: many workers as one matrix product, many addends as one sum."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Answer, Array, PrimitiveFeedback, Rows
from engine.primitive import Moment, Primitive, Shape

_Combined: TypeAlias = tuple[Rows, Callable[[Rows], NDArray[np.floating]]]
"""A combined result, and how feedback on it is spread over the pieces: rows x units -> rows x pieces x units."""

HIGHEST, LOWEST, SUM, NONE = "highest", "lowest", "sum", "none"
FEW_PIECES = 12


@dataclass(frozen=True)
class Team(Primitive):
    """Linear workers that read one task, with the combinator above them folded in.

    pieces: how many workers each combinator has; units: how wide all combinators' results are together. Row
    piece * units + unit of the weights works out one unit's piece. reduce: "highest", "lowest", "sum" (times
    `factor`) or, with one piece, "none". deaf: nobody wants feedback on the task.
    """

    pieces: int
    units: int
    reduce: str
    factor: float = 1.0
    softens: bool = True
    deaf: bool = False

    def width(self, widths: Sequence[int]) -> int:
        super().width(widths)
        return self.units

    def shapes(self, widths: Sequence[int]) -> Sequence[Shape]:
        rows = self.pieces * self.units
        return (rows, widths[0]), (rows,)

    def forward(
        self, inputs: Sequence[Rows], parameters: Sequence[Array], moment: Moment
    ) -> tuple[Rows, PrimitiveFeedback]:
        (task,), (weights, bias) = inputs, parameters
        estimates = task @ weights.T
        estimates += bias
        combine = {HIGHEST: self._extreme, LOWEST: self._extreme, SUM: self._sum, NONE: _alone}[self.reduce]
        result, spread = combine(estimates.reshape(len(task), self.pieces, self.units), moment)

        def feedback(re_result: Rows) -> Answer:
            re_estimates = spread(re_result).reshape(len(task), -1)
            re_task = None if self.deaf else re_estimates @ weights
            return (re_task,), (re_estimates.T @ task, re_estimates.sum(axis=0))

        return result, feedback

    def _sum(self, estimates: NDArray[np.floating], moment: Moment) -> _Combined:
        def spread(re_result: Rows) -> NDArray[np.floating]:
            return np.repeat((re_result * self.factor)[:, None], self.pieces, axis=1)

        return estimates.sum(axis=1) * self.factor, spread

    def _extreme(self, estimates: NDArray[np.floating], moment: Moment) -> _Combined:
        if self.softens and moment.softness > 0:
            return self._soft(estimates, moment.softness)
        winner = self._winner(estimates)[:, None]

        def spread(re_result: Rows) -> NDArray[np.floating]:
            told = np.zeros_like(estimates)
            np.put_along_axis(told, winner, re_result[:, None], axis=1)
            return told

        return np.take_along_axis(estimates, winner, axis=1)[:, 0], spread

    def _winner(self, estimates: NDArray[np.floating]) -> NDArray[np.integer]:
        """rows x units; the first of equals. Few pieces are compared one after the other, which is faster."""
        signed = estimates if self.reduce == HIGHEST else -estimates
        if self.units == 1 or self.pieces > FEW_PIECES:
            winner: NDArray[np.integer] = signed.argmax(axis=1)
            return winner
        best, winner = signed[:, 0], np.zeros(signed[:, 0].shape, np.intp)
        for piece in range(1, self.pieces):
            winner = np.where(signed[:, piece] > best, piece, winner)
            best = np.maximum(best, signed[:, piece])
        return signed.argmax(axis=1) if np.isnan(best).any() else winner

    def _soft(self, estimates: NDArray[np.floating], softness: float) -> _Combined:
        sign = 1.0 if self.reduce == HIGHEST else -1.0
        top = (estimates.max if self.reduce == HIGHEST else estimates.min)(axis=1, keepdims=True)
        shares = np.exp((estimates - top) * (sign / softness))
        total = shares.sum(axis=1, keepdims=True)
        result = top + sign * softness * np.log(total / self.pieces)
        return result[:, 0], lambda re_result: shares / total * re_result[:, None]


@dataclass(frozen=True)
class Blend(Primitive):
    """Adds up `columns` columns of its inputs: part (input, first column, factor) by part."""

    columns: int
    parts: tuple[tuple[int, int, float], ...]

    def width(self, widths: Sequence[int]) -> int:
        return self.columns

    def forward(
        self, inputs: Sequence[Rows], parameters: Sequence[Array], moment: Moment
    ) -> tuple[Rows, PrimitiveFeedback]:
        pieces = [inputs[place][:, first : first + self.columns] for place, first, _ in self.parts]
        total = pieces[0] * self.parts[0][2]
        for piece, (_, _, factor) in zip(pieces[1:], self.parts[1:], strict=True):
            total = total + piece * factor

        def feedback(re_total: Rows) -> Answer:
            told = [np.zeros(task.shape, re_total.dtype) for task in inputs]
            for place, first, factor in self.parts:
                told[place][:, first : first + self.columns] += re_total * factor
            return tuple(told), ()

        return total, feedback


def _alone(estimates: NDArray[np.floating], moment: Moment) -> _Combined:
    return estimates[:, 0], lambda re_result: re_result
