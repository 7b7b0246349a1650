"""Averages chances that are given as scores, and gives the score of their average.

Where scores are averaged, one that is very sure of itself drowns out all others; a chance is at most one. It is a
linear opinion pool: M. Stone, "The opinion pool", Annals of Mathematical Statistics, 1961.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Answer, Array, PrimitiveFeedback, Rows
from engine.primitive import Moment, Primitive
from engine.shown import Shown
from engine.widths import equal


@dataclass(frozen=True)
class AverageChance(Primitive):
    """Any number of inputs of one width: scores, whose chance is 1 / (1 + exp(-score))."""

    title: ClassVar[str] = "Average chance"
    help: ClassVar[str] = "Averages the chances that its inputs are the scores of, and gives that chance's score."
    formula: ClassVar[str] = "logit(mean(σ(a), σ(b), …))"
    feedback: ClassVar[str] = "Each gets the more of it, the less sure it is of itself."
    shown: ClassVar[Shown] = Shown(lines=3)
    piecewise_linear: ClassVar[bool] = False

    def width(self, widths: Sequence[int]) -> int:
        return equal(widths)

    def forward(
        self, inputs: Sequence[Rows], parameters: Sequence[Array], moment: Moment
    ) -> tuple[Rows, PrimitiveFeedback]:
        scores = np.stack(inputs)
        yes, no = _mean(-np.logaddexp(0, -scores)), _mean(-np.logaddexp(0, scores))

        def feedback(re_result: Rows) -> Answer:
            steepness = -np.logaddexp(0, -scores) - np.logaddexp(0, scores) - yes - no
            return tuple(np.exp(steepness) * (re_result / len(scores))), ()

        return yes - no, feedback


def _mean(logarithms: NDArray[np.floating]) -> Rows:
    """The logarithm of the mean of what the logarithms are of, over the first dimension."""
    top = logarithms.max(axis=0)
    mean: Rows = top + np.log(np.exp(logarithms - top).mean(axis=0))
    return mean


primitive = AverageChance
examples = ((AverageChance(), (1, 1, 1)), (AverageChance(), (2, 2)))
