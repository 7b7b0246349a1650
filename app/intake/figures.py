"""What a column's numbers look like: range, mean, deviation, histogram. Everything said is finite."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.intake.columns import Floats

BINS = 20
MOST_DISTINCT = 10_000
BLOCK = 1 << 16


@dataclass(frozen=True)
class Histogram:
    """`counts[i]` values lie from `edges[i]` to `edges[i + 1]`, the last edge included."""

    edges: tuple[float, ...]
    counts: tuple[int, ...]


@dataclass(frozen=True)
class Figures:
    """`deviation` is the standard deviation of the population; `distinct` counts no further than MOST_DISTINCT."""

    minimum: float
    maximum: float
    mean: float
    deviation: float
    distinct: int
    histogram: Histogram


def figures(values: Floats) -> Figures | None:
    """The figures of the values that are not NaN; None if there are none."""
    present = values[~np.isnan(values)]
    if not len(present):
        return None
    mean, deviation = _moments(present)
    return Figures(
        minimum=float(present.min()),
        maximum=float(present.max()),
        mean=mean,
        deviation=deviation,
        distinct=_distinct(present),
        histogram=_histogram(present),
    )


def _moments(present: Floats) -> tuple[float, float]:
    """Mean and deviation, of scaled values where squares would pass what a float64 can hold."""
    peak = float(np.abs(present).max())
    scale = peak if peak > 1e140 or 0 < peak < 1e-140 else 1.0
    scaled = present / scale
    low, high = float(present.min()), float(present.max())
    return min(max(float(scaled.mean()) * scale, low), high), float(scaled.std()) * scale


def _distinct(present: Floats) -> int:
    known = np.empty(0)
    for start in range(0, len(present), BLOCK):
        known = np.union1d(known, present[start : start + BLOCK])
        if len(known) >= MOST_DISTINCT:
            return MOST_DISTINCT
    return len(known)


def _histogram(present: Floats) -> Histogram:
    """Twenty bins of one width, of values scaled so that no width overflows; one bin if they are all but equal."""
    low, high = float(present.min()), float(present.max())
    within = (low / 4, high / 4)
    if np.any(np.diff(np.linspace(*within, BINS + 1)) <= 0):
        return Histogram((low, high), (len(present),))
    counts, edges = np.histogram(present / 4, bins=BINS, range=within)
    return Histogram((low, *(edges[1:-1] * 4).tolist(), high), tuple(counts.tolist()))
