"""Shuffles blocks of rows: the same order from the same keys, compiled or not.

The places of a block are mixed by multiplying, adding and folding, each of which can be undone, so that every place
stays one of a kind; those beyond the last row are passed over. Drawing numbers one by one takes longer than learning.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.arrays import RowIds
from engine.tape.library import library

BLOCK = 65_536
"""The most rows that are shuffled at once."""
ROUNDS = 4
FEWEST_BITS = 8

Keys: TypeAlias = NDArray[np.uint16]
"""shuffles x rounds x 2: an odd factor and an addend."""


def keys(generator: np.random.Generator, shuffles: int) -> Keys:
    """What so many orders follow from."""
    drawn = generator.integers(0, 1 << 16, (shuffles, ROUNDS, 2), np.uint16)
    drawn[:, :, 0] |= 1
    return drawn


def shuffled(rows: RowIds, drawn: Keys) -> RowIds:
    """At most BLOCK rows (int32, contiguous), once for each of the keys, end to end."""
    bits = max(FEWEST_BITS, (len(rows) - 1).bit_length())
    compiled = library()
    return _in_numpy(rows, drawn, bits) if compiled is None else _compiled(compiled.shuffle, rows, drawn, bits)


def _compiled(shuffle: Callable[..., None], rows: RowIds, drawn: Keys, bits: int) -> RowIds:
    found = np.empty(len(drawn) * len(rows), np.int32)
    shuffle(found.ctypes.data, rows.ctypes.data, len(rows), bits, drawn.ctypes.data, len(drawn))
    return found


def _in_numpy(rows: RowIds, drawn: Keys, bits: int) -> RowIds:
    mask, half = np.uint16((1 << bits) - 1), np.uint16(bits // 2)
    places = np.broadcast_to(_places(bits), (len(drawn), 1 << bits))
    for round_ in range(ROUNDS):
        places = (places * drawn[:, round_, :1] + drawn[:, round_, 1:]) & mask
        places = places ^ (places >> half)
    found: RowIds = rows[places[places < len(rows)]]
    return found


@cache
def _places(bits: int) -> NDArray[Any]:
    return np.arange(1 << bits, dtype=np.uint16)
