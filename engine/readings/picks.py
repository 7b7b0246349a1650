"""Takes arrays out of a vector: numbers that stand anywhere in it, added up, scaled and shifted; compiled or not."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Vector
from engine.tape.library import function, library

PICKED = np.dtype([("parts", "i4"), ("size", "i4"), ("scale", "f8"), ("offset", "f8")])
"""An array, as tape.c has it."""


class Picks:
    """Which numbers make up which array: each is offset + scale * the sum of its parts, or one offset without parts.

    starts: where each array begins among the values, and the last one ends.
    """

    def __init__(
        self, arrays: Sequence[Sequence[NDArray[np.int64]]], scales: Sequence[float], offsets: Sequence[float]
    ) -> None:
        """arrays: by part, the places of its numbers; parts of one array have equally many."""
        sizes = [len(parts[0]) if parts else 1 for parts in arrays]
        self.starts = np.cumsum([0, *sizes])
        self._arrays = np.array(list(zip(map(len, arrays), sizes, scales, offsets, strict=True)), PICKED)
        places = [part for parts in arrays for part in parts]
        self._places = np.concatenate([np.empty(0, int), *places]).astype(np.int32)

    def take(self, numbers: Vector, values: NDArray[np.float64]) -> None:
        """Fills in the values of all arrays."""
        if library() is None:
            values[...] = self._in_numpy(numbers)
        else:
            given = numbers.ctypes.data, self._places.ctypes.data, self._arrays.ctypes.data
            function("pick_out", numbers.dtype)(*given, len(self._arrays), values.ctypes.data)

    def _in_numpy(self, numbers: Vector) -> NDArray[np.float64]:
        sizes = self._arrays["size"]
        found = np.repeat(self._arrays["offset"], sizes)
        scales = np.repeat(self._arrays["scale"], self._arrays["parts"] * sizes)
        np.add.at(found, self._rooms, scales * numbers[self._places])
        return found

    @cached_property
    def _rooms(self) -> NDArray[np.int64]:
        """By place, the value that it adds to."""
        parts, rooms = self._arrays["parts"], np.split(np.arange(self.starts[-1]), self.starts[1:-1])
        return np.concatenate([np.tile(room, count) for room, count in zip(rooms, parts, strict=True)])
