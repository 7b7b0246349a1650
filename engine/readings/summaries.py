"""Means, spreads and histograms of many arrays at once, as JSON can hold them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Vector
from engine.readings.digits import plain
from engine.readings.passes import Span
from engine.readings.picks import Picks
from engine.readings.sums import sums

MOST_NUMBERS = 256


class Sheet:
    """Arrays that stand in a vector, one after the other, so that all of them are summed up at once.

    Of a large one, every so manyth number stands for the others.
    """

    def __init__(
        self,
        arrays: Sequence[Sequence[Span]],
        spans: Sequence[int],
        *,
        scales: Sequence[float],
        offsets: Sequence[float],
    ) -> None:
        """arrays: each as offset + scale * the sum of these, which are alike; of none, nothing.

        spans: with which array each summary begins, in ascending order; the first is 0.
        """
        self._picks = Picks([[_some(span) for span in parts] for parts in arrays], scales, offsets)
        self._values = np.zeros(self._picks.starts[-1])
        self._spans = self._picks.starts[[*spans, -1]]

    def fill(self, numbers: Vector) -> None:
        """Takes the arrays out of the vector."""
        self._picks.take(numbers, self._values)

    def means(self, first: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The mean of each array from the first on, and the mean of its numbers' sizes."""
        found = sums(self._values, self._picks.starts[first:], binned=False).figures
        return found[:, 0], found[:, -1]

    def summaries(self) -> list[dict[str, Any]]:
        """For each span its mean, standard deviation and histogram."""
        found = sums(self._values, self._spans)
        return [
            {"mean": mean, "std": std, "histogram": {"low": least, "high": most, "counts": inside}}
            for (mean, std, least, most, _), inside in zip(plain(found.figures), found.bins.tolist(), strict=True)
        ]


def _some(span: Span) -> NDArray[np.int64]:
    """Where the numbers of an array stand that stand for all: as many of every column."""
    apart = max(1, span.rows * span.width // MOST_NUMBERS)
    while math.gcd(apart, span.width) > 1:
        apart += 1
    return span.places().reshape(-1)[::apart]
