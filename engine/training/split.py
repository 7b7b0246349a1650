"""Which rows are learnt from, which are kept aside, and in which order the former are visited.

Everything is drawn from the seed and where it stands (the split, an epoch, a block of rows), so that any part of a
training can be redone by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from engine.arrays import RowIds
from engine.start import generator_for
from engine.training.shuffle import BLOCK, keys, shuffled

AT_ONCE = 4 * BLOCK
"""The rows whose order is drawn together. Rows are shuffled inside blocks, and the blocks among themselves; shuffling
a cold file whole is 41 times slower."""
FAR = 16 * BLOCK
"""The rows that are visited in one go at most, if a batch is no larger."""
FEW = 32
"""With fewer rows than this, there are so few orders that each is to be drawn as likely as any other."""


@dataclass(frozen=True)
class Split:
    """Rows to learn from and rows to be judged by, each in the table's order."""

    train: RowIds
    holdout: RowIds


@dataclass(frozen=True)
class Batches:
    """Some steps' rows, end to end; step n of them has rows[starts[n]:starts[n + 1]]."""

    rows: RowIds
    starts: RowIds
    first_step: int

    @property
    def steps(self) -> int:
        """How many steps these are."""
        return len(self.starts) - 1


def split(rows: RowIds, share: float, seed: int) -> Split:
    """Keeps a share of the rows aside, drawn at random; at least one on each side when the share is not zero."""
    held = min(max(round(len(rows) * share), 1), len(rows) - 1) if share > 0 and len(rows) > 1 else 0
    drawn = generator_for(seed, "split").permutation(len(rows))
    return Split(rows[np.sort(drawn[held:])], rows[np.sort(drawn[:held])])


def evenly(rows: RowIds, most: int) -> RowIds:
    """So many of the rows, spread over all of them; all, where there are no more."""
    return rows if len(rows) <= most else rows[np.linspace(0, len(rows) - 1, most).astype(int)]


class Order:
    """The order in which training rows are visited, epoch after epoch.

    Many small epochs are drawn together; a large one block by block, so that its rows stand near one another.
    """

    def __init__(self, rows: RowIds, batch_size: int, seed: int) -> None:
        self._rows = np.ascontiguousarray(rows, np.int32)
        self._batch_size, self._seed = batch_size, seed
        self.steps_per_epoch = -(-len(rows) // batch_size)
        self._together = max(1, (AT_ONCE if len(rows) <= BLOCK else FAR) // len(rows))
        self._longest = max(1, FAR // max(batch_size, FEW))
        self._starts = self._starts_of_epochs(self._together)
        self._drawn = lru_cache(maxsize=2)(self._draw)
        self._blocks = lru_cache(maxsize=2)(self._order_of_blocks)
        self._block = lru_cache(maxsize=FAR // BLOCK + 1)(self._shuffled)

    def batches(self, step: int, most: int) -> Batches:
        """The batches from this step on: `most` of them, or as many as are drawn together."""
        chunk, first = divmod(step, self.steps_per_epoch * self._together)
        starts = self._starts[first : first + min(most, self._longest) + 1]
        visited = self._visited(chunk, int(starts[0]), int(starts[-1]))
        return Batches(visited, starts - starts[0], step)

    def _starts_of_epochs(self, epochs: int) -> RowIds:
        """Where each batch of so many epochs begins, and where the last one ends."""
        epoch = np.arange(epochs, dtype=np.int64)[:, None] * len(self._rows)
        starts = epoch + np.arange(self.steps_per_epoch) * self._batch_size
        return np.append(starts, epochs * len(self._rows)).astype(np.int32)

    def _visited(self, chunk: int, low: int, high: int) -> RowIds:
        if len(self._rows) <= BLOCK:
            return self._drawn(chunk)[low:high]
        epochs, blocks, ends = self._blocks(chunk)
        first, last = np.searchsorted(ends, (low, high - 1), side="right")
        places = zip(epochs[first : last + 1].tolist(), blocks[first : last + 1].tolist(), strict=True)
        some = np.concatenate([self._block(epoch, at) for epoch, at in places])
        before = int(ends[first - 1]) if first else 0
        return some[low - before : high - before]

    def _draw(self, chunk: int) -> RowIds:
        """The rows of some small epochs, end to end."""
        generator = generator_for(self._seed, "rows", str(chunk))
        if len(self._rows) < FEW:
            return generator.permuted(np.tile(self._rows, (self._together, 1)), axis=1).ravel()
        return shuffled(self._rows, keys(generator, self._together))

    def _order_of_blocks(self, chunk: int) -> tuple[RowIds, RowIds, RowIds]:
        """The blocks of some large epochs in the order of their visit.

        For each its epoch, where it begins in the table, and where it ends among the rows that are visited.
        """
        starts = np.arange(0, len(self._rows), BLOCK)
        epochs = np.arange(chunk * self._together, (chunk + 1) * self._together)
        orders = [generator_for(self._seed, "blocks", str(epoch)).permutation(starts) for epoch in epochs]
        order = np.concatenate(orders)
        return np.repeat(epochs, len(starts)), order, np.minimum(BLOCK, len(self._rows) - order).cumsum()

    def _shuffled(self, epoch: int, at: int) -> RowIds:
        generator = generator_for(self._seed, "rows", str(epoch), str(at))
        return shuffled(self._rows[at : at + BLOCK], keys(generator, 1))
