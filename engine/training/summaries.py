"""Means, spreads and histograms of many arrays at once, as JSON can hold them."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

BINS = 16
DIGITS = 5


def summarise(arrays: Sequence[NDArray[Any]]) -> list[dict[str, Any]]:
    """For each array its mean, standard deviation and histogram. Arrays of one size are worked out together."""
    by_size: dict[int, list[int]] = defaultdict(list)
    for place, array in enumerate(arrays):
        by_size[array.size].append(place)
    found: list[dict[str, Any]] = [{}] * len(arrays)
    for places in by_size.values():
        values = np.stack([np.asarray(arrays[place], np.float64).ravel() for place in places])
        for place, summary in zip(places, _summaries(values), strict=True):
            found[place] = summary
    return found


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
