"""Means, spreads and histograms of many arrays at once, as JSON can hold them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Vector
from engine.readings.digits import plain
from engine.readings.passes import Span
from engine.readings.sums import Sums, sums

MOST_NUMBERS = 256
ROUNDING = 1e-6
"""Of the numbers' size: how far sums in single precision are off."""


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
        found = [[_some(span) for span in parts] for parts in arrays]
        counts = [len(parts[0]) if parts else 1 for parts in found]
        self._starts = np.cumsum([0, *counts])
        self._values = np.zeros(self._starts[-1])
        self._places = np.concatenate([parts[0] if parts else [0] for parts in found])
        self._nothing = self._starts[:-1][[not parts for parts in found]]
        self._scales, self._offsets = np.repeat(scales, counts), np.repeat(offsets, counts)
        self._further = [(rooms, places, self._scales[rooms]) for rooms, places in _further(found, self._starts)]
        self._spans = np.append(self._starts[list(spans)], self._starts[-1])

    def fill(self, numbers: Vector) -> None:
        """Takes the arrays out of the vector."""
        values = self._values
        np.multiply(numbers[self._places], self._scales, out=values)
        values[self._nothing] = 0
        values += self._offsets
        for rooms, places, scales in self._further:
            values[rooms] += scales * numbers[places]

    def means(self, first: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The mean of each array from the first on, and the mean of its numbers' sizes."""
        found = sums(self._values, self._starts[first:], binned=False)
        return _told(found), found.size

    def summaries(self) -> list[dict[str, Any]]:
        """For each span its mean, standard deviation and histogram."""
        found = sums(self._values, self._spans)
        told = plain(np.array([_told(found), found.std, found.low, found.high]).T)
        return [
            {"mean": mean, "std": std, "histogram": {"low": least, "high": most, "counts": inside}}
            for (mean, std, least, most), inside in zip(told, found.bins.tolist(), strict=True)
        ]


def _told(found: Sums) -> NDArray[np.float64]:
    """The means; nothing, where all that is left of numbers that cancel out is rounding."""
    return np.where(np.abs(found.mean) < ROUNDING * found.size, 0.0, found.mean)


def _some(span: Span) -> NDArray[np.int64]:
    """Where the numbers of an array stand that stand for all: as many of every column."""
    apart = max(1, span.rows * span.width // MOST_NUMBERS)
    while math.gcd(apart, span.width) > 1:
        apart += 1
    return span.places().reshape(-1)[::apart]


def _further(
    found: Sequence[Sequence[NDArray[np.int64]]], starts: NDArray[np.int64]
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """What is added to the first part of every array: (rooms among the values, places)."""
    for number in range(1, max(map(len, found), default=0)):
        parts = [(parts[number], start) for parts, start in zip(found, starts, strict=False) if len(parts) > number]
        yield (
            np.concatenate([start + np.arange(len(one)) for one, start in parts]),
            np.concatenate([one for one, _ in parts]),
        )
