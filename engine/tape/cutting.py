"""How a batch is cut into tiles, and how many sums its gradient is split into."""

from __future__ import annotations

from dataclasses import dataclass

from engine.layout import padded
from engine.tape.library import MOST_ROWS
from engine.tape.recording import Recording
from engine.tape.scratch import tile_numbers
from engine.training.executor import Work

MOST_PARTIALS = 8
FEWEST_MULTIPLICATIONS = 20_000_000
"""Of one step; below this, about half a millisecond, sharing a step among threads costs more than it brings."""
LARGEST_SHARE = 0.04
"""What the adding up of partial sums may cost of a step."""
KEPT_BYTES = 512 * 1024
"""What the values of rows may take up until their groups' feedback comes: half of a usual second cache."""


@dataclass(frozen=True)
class Cut:
    """partials: sums of a step's gradient; tile_groups: groups that make a tile, at most.

    kept: tiles of rows whose values wait for feedback.
    """

    partials: int
    tile_groups: int
    kept: int


def tile_rows(work: Work, batch_size: int) -> int:
    """How many rows a tile has at most: as many as a batch, where that is few; groups may have any number of rows."""
    return min(MOST_ROWS, padded(batch_size)) if work.groups is None else MOST_ROWS


def cut(work: Work, recording: Recording, batch_size: int) -> Cut:
    """How batches of this size are cut; the same for any number of threads."""
    partials = _partials(work, recording, batch_size)
    return Cut(partials, min(MOST_ROWS, -(-batch_size // partials)), _kept(work, recording))


def _partials(work: Work, recording: Recording, batch_size: int) -> int:
    """Into how many sums a step's gradient is split: enough for threads to share it, few enough to add up cheaply."""
    multiplications = _multiplications(work, recording) * batch_size
    if multiplications < FEWEST_MULTIPLICATIONS:
        return 1
    per_partial = 6 * work.plan.stacked.layout.size
    tiles = -(-batch_size // recording.tile_rows) if work.groups is None else batch_size
    return max(1, min(MOST_PARTIALS, tiles, 1 + int(LARGEST_SHARE * multiplications / 8 / per_partial)))


def _multiplications(work: Work, recording: Recording) -> float:
    """Of an example: a row, or a group of usual size."""
    if work.groups is None or recording.groups is None:
        return recording.rows.multiplications
    rows = len(work.groups.order) / work.groups.count
    return recording.rows.multiplications * rows + recording.groups.multiplications


def _kept(work: Work, recording: Recording) -> int:
    """As many tiles of rows as fit, but no more than the table has."""
    if work.groups is None:
        return 1
    one = max(1, tile_numbers(recording) * work.features.dtype.itemsize)
    return max(1, min(KEPT_BYTES // one, -(-len(work.features) // recording.tile_rows)))
