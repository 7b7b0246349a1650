"""Where each parameter stands in the one flat vector that holds them all.

Rows of a matrix are padded with zeros to a multiple of eight numbers, so that a vector register never straddles two of
them. A node's parameters are views of the vector: snapshot, undo, save and freeze are one-liners.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.arrays import Array, Vector
from engine.primitive import Shape
from engine.program import Parameter
from engine.start import generator_for

LANES = 8


def padded(count: int) -> int:
    """The next multiple of eight."""
    return -(-count // LANES) * LANES


@dataclass(frozen=True)
class Place:
    """An array inside the flat vector: `stride` numbers from one row to the next."""

    offset: int
    shape: Shape
    stride: int

    @property
    def size(self) -> int:
        """How many numbers of the vector it takes up, padding included."""
        return self.shape[0] * self.stride if len(self.shape) == 2 else padded(self.shape[0])

    def view(self, flat: Vector) -> Array:
        """The array itself: writing to it writes to the vector."""
        if len(self.shape) == 1:
            return flat[self.offset : self.offset + self.shape[0]]
        rows, columns = self.shape
        return flat[self.offset : self.offset + rows * self.stride].reshape(rows, self.stride)[:, :columns]


def place(offset: int, shape: Shape) -> Place:
    """A place of its own for an array of this shape."""
    return Place(offset, shape, padded(shape[-1]))


@dataclass(frozen=True)
class Layout:
    """The places of a program's parameters, and the size of the vector."""

    places: tuple[Place, ...]
    size: int

    def views(self, flat: Vector) -> list[Array]:
        """Every parameter as a view of the vector."""
        return [place.view(flat) for place in self.places]


def start(layout: Layout, parameters: Sequence[Parameter], seed: int) -> Vector:
    """The vector before anything was learnt (float64); each parameter drawn by its own generator."""
    flat = np.zeros(layout.size)
    for view, parameter in zip(layout.views(flat), parameters, strict=True):
        view[...] = parameter.start(generator_for(seed, parameter.node, parameter.name), parameter.shape)
    return flat
