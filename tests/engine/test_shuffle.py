"""Shuffled rows: each once, every place as likely as any other, and the same order compiled or not."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from engine.training import shuffle
from engine.training.shuffle import BLOCK, keys, shuffled
from engine.training.split import Order

SIZES = (1, 32, 33, 100, 255, 256, 257, 1000, 20_640, BLOCK - 1, BLOCK)


@pytest.mark.parametrize("count", SIZES)
def test_every_shuffle_has_every_row_once(count):
    rows = np.arange(count, dtype=np.int32) * 3 + 7
    found = shuffled(rows, keys(np.random.default_rng(count), 3)).reshape(3, count)
    assert_array_equal(np.sort(found, axis=1), np.tile(rows, (3, 1)))


@pytest.mark.parametrize("count", SIZES)
def test_compiled_or_not_the_order_is_the_same(count, monkeypatch):
    rows, drawn = np.arange(count, dtype=np.int32), keys(np.random.default_rng(count), 5)
    compiled = shuffled(rows, drawn)
    monkeypatch.setattr(shuffle, "library", lambda: None)
    assert_array_equal(shuffled(rows, drawn), compiled)


def unevenness(counts, expected):
    """About 1 where the counts are what chance makes of the expected ones."""
    return float(((counts - expected) ** 2 / expected).sum() / (len(counts) - 1))


@pytest.mark.parametrize("count", [40, 150, 1000])
def test_every_row_is_as_likely_at_every_place(count):
    found = shuffled(np.arange(count, dtype=np.int32), keys(np.random.default_rng(1), 20_000)).reshape(-1, count)
    for place in (0, 1, count // 2, count - 1):
        counts = np.bincount(found[:, place], minlength=count)
        assert unevenness(counts, 20_000 / count) < 1.6


@pytest.mark.parametrize("count", [150, 20_640, BLOCK])
def test_neighbours_in_an_order_have_nothing_to_do_with_each_other(count):
    shuffles = 2_000_000 // count
    found = shuffled(np.arange(count, dtype=np.int32), keys(np.random.default_rng(1), shuffles)).reshape(-1, count)
    for apart in (1, 2, 7):
        distances = (found[:, apart:] - found[:, :-apart]) % count
        counts = np.bincount(distances.ravel() * 15 // count, minlength=15)
        possible = np.bincount(np.arange(1, count) * 15 // count, minlength=15)
        assert unevenness(counts, possible / possible.sum() * distances.size) < 5


def test_a_large_epoch_goes_from_block_to_block():
    order = Order(np.arange(5 * BLOCK // 2), 1000, seed=4)
    for epoch in range(2):
        batches = order.batches(epoch * order.steps_per_epoch, order.steps_per_epoch)
        blocks = batches.rows // BLOCK
        assert len(np.flatnonzero(np.diff(blocks))) == 2
        assert_array_equal(np.sort(batches.rows), np.arange(5 * BLOCK // 2))
