"""Means, spreads and histograms of many arrays at once, as JSON can hold them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

BINS = 16
MOST_NUMBERS = 1_024
DIGITS = 5


class Sheet:
    """Arrays of known shapes, one after the other in one vector, so that all of them are summed up at once.

    Of a large one, every so manyth number stands for the others.
    """

    def __init__(self, shapes: Sequence[tuple[int, int]], spans: Sequence[int]) -> None:
        """spans: with which array each summary begins, in ascending order; the first is 0."""
        self._apart = [_apart(*shape) for shape in shapes]
        counts = [-(-math.prod(shape) // apart) for shape, apart in zip(shapes, self._apart, strict=True)]
        self._starts = np.cumsum([0, *counts])
        self._values = np.zeros(self._starts[-1])
        self._rooms = [self._values[first:end] for first, end in pairwise(self._starts)]
        self._spans = self._starts[list(spans)]
        self._counts = np.diff(self._spans, append=len(self._values))
        self._first_bins = np.repeat(np.arange(len(spans)) * BINS, self._counts)

    def fill(self, arrays: Iterable[NDArray[Any] | None], scales: Iterable[float], offsets: Iterable[float]) -> None:
        """Takes the arrays in, each of them as offset + scale * array; None stands for zeros."""
        for room, apart, array, scale, offset in zip(self._rooms, self._apart, arrays, scales, offsets, strict=True):
            if array is None:
                room[...] = 0
            else:
                np.multiply(array.reshape(-1)[::apart], scale, out=room)
                if offset:
                    np.add(room, offset, out=room)

    def means(self, first: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The mean of each array from the first on, and the mean of its numbers' sizes."""
        starts, values = self._starts[first:-1] - self._starts[first], self._values[self._starts[first] :]
        counts = np.diff(self._starts[first:])
        return np.add.reduceat(values, starts) / counts, np.add.reduceat(np.abs(values), starts) / counts

    def summaries(self) -> list[dict[str, Any]]:
        """For each span its mean, standard deviation and histogram."""
        values, spans, counts = self._values, self._spans, self._counts
        mean = np.add.reduceat(values, spans) / counts
        std = np.sqrt(np.add.reduceat((values - np.repeat(mean, counts)) ** 2, spans) / counts)
        low, high = np.minimum.reduceat(values, spans), np.maximum.reduceat(values, spans)
        told = plain(np.array([mean, std, low, high]).T)
        bins = self._bins(low, high).tolist()
        return [
            {"mean": mean, "std": std, "histogram": {"low": least, "high": most, "counts": inside}}
            for (mean, std, least, most), inside in zip(told, bins, strict=True)
        ]

    def _bins(self, low: NDArray[np.float64], high: NDArray[np.float64]) -> NDArray[np.int64]:
        """By span, how many numbers lie in each of as many steps from the lowest to the highest."""
        per_unit = BINS / np.where(high > low, high - low, 1.0)
        reached = (self._values - np.repeat(low, self._counts)) * np.repeat(per_unit, self._counts)
        inside = np.fmin(np.fmax(reached, 0), BINS - 1).astype(np.int64)  # what is no number comes to nothing
        return np.bincount(inside + self._first_bins, minlength=len(low) * BINS).reshape(-1, BINS)


def _apart(rows: int, width: int) -> int:
    """How many numbers apart to look, so that every column has its turn."""
    apart = max(1, rows * width // MOST_NUMBERS)
    while math.gcd(apart, width) > 1:
        apart += 1
    return apart


def plain(values: NDArray[Any]) -> list[Any]:
    """Numbers to five digits, None for what is no number. Nested lists for more than one dimension."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        size = np.where(values == 0, 1.0, np.abs(values))
        unit = 10.0 ** (DIGITS - 1 - np.floor(np.log10(size)))
        told = np.where(np.isfinite(unit), np.round(values * unit) / unit, values)
    if np.isfinite(told).all():
        return list(told.tolist())
    gapless: list[Any] = _without_gaps(told.tolist())
    return gapless


def _without_gaps(told: Any) -> Any:
    if isinstance(told, list):
        return [_without_gaps(value) for value in told]
    return told if math.isfinite(told) else None
