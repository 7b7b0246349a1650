"""Figures are finite, whatever the numbers are, and equal NumPy's where NumPy can hold them."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from app.intake.figures import MOST_DISTINCT, figures
from tests.app.intake.support import unhurried

ANY = arrays(np.float64, st.integers(1, 50), elements=st.floats(allow_nan=True, allow_infinity=False))


@unhurried
@given(ANY)
def test_figures_of_any_floats_are_finite_and_count_them_all(values: np.ndarray) -> None:
    found = figures(values)
    present = values[~np.isnan(values)]
    if not len(present):
        assert found is None
        return
    assert found is not None
    json.dumps(dataclasses.asdict(found), allow_nan=False)
    assert (found.minimum, found.maximum) == (present.min(), present.max())
    assert found.minimum <= found.mean <= found.maximum
    assert found.distinct == len(np.unique(present))
    assert sum(found.histogram.counts) == len(present)
    assert len(found.histogram.edges) == len(found.histogram.counts) + 1
    assert list(found.histogram.edges) == sorted(found.histogram.edges)
    assert (found.histogram.edges[0], found.histogram.edges[-1]) == (found.minimum, found.maximum)


@pytest.mark.parametrize("scale", [1e-200, 0.1, 1.0, 10.0, 1e200])
def test_mean_and_deviation_hold_at_every_scale(scale: float) -> None:
    values = np.random.default_rng(0).normal(3, 2, 1000)
    found = figures(values * scale)
    assert found is not None
    assert found.mean == pytest.approx(values.mean() * scale, rel=1e-12)
    assert found.deviation == pytest.approx(values.std() * scale, rel=1e-12)


def test_a_histogram_has_twenty_bins_of_one_width() -> None:
    values = np.random.default_rng(0).normal(size=1000)
    found = figures(values)
    assert found is not None
    counts, edges = np.histogram(values, bins=20)
    assert found.histogram.counts == tuple(counts)
    assert found.histogram.edges == pytest.approx(edges)


def test_distinct_numbers_are_counted_up_to_a_cap() -> None:
    few, many = figures(np.arange(200_000.0) % 9_999), figures(np.arange(200_000.0))
    assert few is not None and many is not None
    assert (few.distinct, many.distinct) == (9_999, MOST_DISTINCT)
