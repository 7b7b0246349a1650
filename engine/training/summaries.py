"""Means, spreads and histograms of many arrays at once, as JSON can hold them."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

BINS = 16
MOST_NUMBERS = 1_024
DIGITS = 5


def summarise(arrays: Sequence[NDArray[Any]]) -> list[dict[str, Any]]:
    """For each array its mean, standard deviation and histogram."""
    found: list[dict[str, Any]] = [{}] * len(arrays)
    for places, values in _of_one_size(arrays):
        for place, summary in zip(places, _summaries(values), strict=True):
            found[place] = summary
    return found


def means(arrays: Sequence[NDArray[Any]]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The mean of each array, and the mean of its numbers' sizes."""
    mean, size = np.empty(len(arrays)), np.empty(len(arrays))
    for places, values in _of_one_size(arrays):
        mean[places], size[places] = values.mean(axis=1), np.abs(values).mean(axis=1)
    return mean, size


def _of_one_size(arrays: Sequence[NDArray[Any]]) -> Iterator[tuple[list[int], NDArray[np.float64]]]:
    """Arrays of one shape are worked out together: their places, and a row of numbers for each.

    Of large ones, every so manyth row stands for the others.
    """
    by_shape: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for place, array in enumerate(arrays):
        by_shape[array.shape].append(place)
    for shape, places in by_shape.items():
        apart = max(1, math.prod(shape) // MOST_NUMBERS)
        values = np.empty((len(places), *shape))[:, ::apart]
        for some, place in zip(values, places, strict=True):
            some[...] = arrays[place][::apart]
        yield places, values.reshape(len(places), -1)


def _summaries(values: NDArray[np.float64]) -> list[dict[str, Any]]:
    low, high = values.min(axis=1), values.max(axis=1)
    told = zip(
        plain(values.mean(axis=1)),
        plain(values.std(axis=1)),
        plain(low),
        plain(high),
        _counts(values, low, high),
        strict=True,
    )
    return [
        {"mean": mean, "std": std, "histogram": {"low": least, "high": most, "counts": counts}}
        for mean, std, least, most, counts in told
    ]


def _counts(values: NDArray[np.float64], low: NDArray[np.float64], high: NDArray[np.float64]) -> list[list[int]]:
    reach = np.where(high > low, high - low, 1.0)
    shares = np.nan_to_num((values - low[:, None]) / reach[:, None])
    bins = np.clip((shares * BINS).astype(np.int64), 0, BINS - 1) + np.arange(len(values))[:, None] * BINS
    counts = np.bincount(bins.ravel(), minlength=len(values) * BINS)
    return [list(row) for row in counts.reshape(-1, BINS).tolist()]


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
