"""Sums up spans of numbers, compiled or not: what they come to, and how many lie where."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.tape.library import library

BINS = 16
FIGURES = 5
ROUNDING = 1e-6
"""Of the numbers' size: how far sums in single precision are off."""


@dataclass(frozen=True)
class Sums:
    """By span: its mean, standard deviation, lowest and highest number, and the mean of its numbers' sizes.

    figures: spans x those five; a mean of which nothing is left but rounding is nothing. bins: spans x BINS: how many
    numbers lie in each of as many steps from the lowest to the highest; in the first, where that is no number. No spans
    where nobody wants them.
    """

    figures: NDArray[np.float64]
    bins: NDArray[np.int64]


def sums(values: NDArray[np.float64], starts: NDArray[np.int64], *, binned: bool = True) -> Sums:
    """starts: where each span begins, in ascending order, and the last one ends; none is empty."""
    compiled = library()
    if compiled is None:
        return _in_numpy(values, starts, binned)
    return _compiled(compiled.sum_up, values, starts, binned)


def _compiled(
    sum_up: Callable[..., None], values: NDArray[np.float64], starts: NDArray[np.int64], binned: bool
) -> Sums:
    count = len(starts) - 1
    figures, bins = np.empty((count, FIGURES)), np.empty((count if binned else 0, BINS), np.int64)
    wanted = bins.ctypes.data if binned else None
    sum_up(values.ctypes.data, starts.ctypes.data, count, figures.ctypes.data, wanted)
    return Sums(figures, bins)


@np.errstate(over="ignore", invalid="ignore")
def _in_numpy(values: NDArray[np.float64], starts: NDArray[np.int64], binned: bool) -> Sums:
    firsts, counts, values = starts[:-1] - starts[0], np.diff(starts), values[starts[0] : starts[-1]]
    mean, size = np.add.reduceat(values, firsts) / counts, np.add.reduceat(np.abs(values), firsts) / counts
    std = np.sqrt(np.add.reduceat((values - np.repeat(mean, counts)) ** 2, firsts) / counts)
    low, high = np.minimum.reduceat(values, firsts), np.maximum.reduceat(values, firsts)
    figures = np.array([np.where(np.abs(mean) < ROUNDING * size, 0.0, mean), std, low, high, size]).T
    if not binned:
        return Sums(figures, np.empty((0, BINS), np.int64))
    per_unit = BINS / np.where(high > low, high - low, 1.0)
    reached = (values - np.repeat(low, counts)) * np.repeat(per_unit, counts)
    inside = np.fmin(np.fmax(reached, 0), BINS - 1).astype(np.int64)
    first_bins = np.repeat(np.arange(len(firsts)) * BINS, counts)
    bins = np.bincount(inside + first_bins, minlength=len(firsts) * BINS).reshape(-1, BINS)
    return Sums(figures, bins)
