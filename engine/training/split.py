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

BLOCK = 65_536
"""Rows are shuffled inside blocks, and the blocks among themselves; shuffling a cold file whole is 41 times slower."""


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


class Order:
    """The order in which training rows are visited, epoch after epoch."""

    def __init__(self, rows: RowIds, batch_size: int, seed: int) -> None:
        self._rows = np.ascontiguousarray(rows, np.int32)
        self._batch_size, self._seed = batch_size, seed
        self._epochs_at_once = max(1, BLOCK // len(rows))
        self._drawn = lru_cache(maxsize=2)(self._draw)
        self.steps_per_epoch = -(-len(rows) // batch_size)

    def batches(self, step: int, most: int) -> Batches:
        """The batches from this step on: `most` of them, or as many as were drawn together."""
        per_epoch, count = self.steps_per_epoch, len(self._rows)
        chunk, first = divmod(step, per_epoch * self._epochs_at_once)
        steps = np.arange(first, min(first + most, per_epoch * self._epochs_at_once) + 1)
        starts = steps // per_epoch * count + np.minimum(steps % per_epoch * self._batch_size, count)
        visited = self._drawn(chunk)[starts[0] : starts[-1]]
        return Batches(visited, (starts - starts[0]).astype(np.int32), step)

    def _draw(self, chunk: int) -> RowIds:
        """The rows of some epochs end to end: several small epochs, or one large one block by block."""
        if len(self._rows) <= BLOCK:
            repeated = np.tile(self._rows, (self._epochs_at_once, 1))
            return generator_for(self._seed, "rows", str(chunk)).permuted(repeated, axis=1).ravel()
        blocks = range(0, len(self._rows), BLOCK)
        order = generator_for(self._seed, "blocks", str(chunk)).permutation(len(blocks))
        return np.concatenate([self._shuffled(chunk, blocks[block]) for block in order])

    def _shuffled(self, epoch: int, at: int) -> RowIds:
        part = self._rows[at : at + BLOCK].copy()
        generator_for(self._seed, "rows", str(epoch), str(at)).shuffle(part)
        return part
