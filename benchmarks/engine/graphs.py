"""The five graphs that everyone trains, as trees of workers and combinators."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

Tree: TypeAlias = tuple[str, Any]
"""("linear", width), or ("maximum" | "addition" | "average" | "chain", trees)."""


@dataclass(frozen=True)
class Task:
    """A tree and the table that it learns. rows: a multiple of the batch, so that every step has as many."""

    name: str
    tree: Tree
    columns: int
    rows: int
    batch: int

    @property
    def steps(self) -> int:
        """Of an epoch."""
        return self.rows // self.batch


@dataclass(frozen=True)
class Layer:
    """All linear workers that read one task as one matrix: units x pieces rows, reduced over the pieces.

    total: whether the units are added up in the end.
    """

    columns: int
    units: int
    pieces: int
    reduce: str
    total: bool = False


def maximum(workers: int, width: int = 1) -> Tree:
    return "maximum", [("linear", width)] * workers


TASKS = {
    task.name: task
    for task in (
        Task("G1", maximum(2), 2, 20_640, 4),
        Task("G2", ("average", [("linear", 1)] * 8), 8, 20_640, 32),
        Task("G3", ("addition", [maximum(8)] * 4), 28, 99_840, 256),
        Task("G4", ("chain", [maximum(4, 128), maximum(4, 128), ("linear", 1)]), 64, 25_600, 512),
        Task("G5", maximum(64), 100, 204_800, 8192),
    )
}


def width(tree: Tree) -> int:
    """How many numbers it gives for each row."""
    kind, parts = tree
    return int(parts) if kind == "linear" else width(parts[-1] if kind == "chain" else parts[0])


def linear_workers(tree: Tree, columns: int) -> Iterator[tuple[int, int]]:
    """(columns read, width) of every linear worker, depth first."""
    kind, parts = tree
    if kind == "linear":
        yield columns, int(parts)
        return
    for part in parts:
        yield from linear_workers(part, columns)
        columns = width(part) if kind == "chain" else columns


def layers(tree: Tree, columns: int) -> list[Layer]:
    """The tree as peers that stack write it by hand."""
    kind, parts = tree
    if kind == "linear":
        return [Layer(columns, int(parts), 1, "none")]
    if kind == "chain":
        found: list[Layer] = []
        for part in parts:
            found += layers(part, columns)
            columns = width(part)
        return found
    if parts[0][0] == "linear":
        return [Layer(columns, width(parts[0]), len(parts), kind)]
    return [Layer(columns, len(parts), len(parts[0][1]), parts[0][0], total=True)]


def stacked(task: Task, weights: list[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    """For each layer, weights (units x pieces x columns) and biases (units x pieces) out of those of each worker."""
    import numpy as np

    found, place = [], 0
    for layer in layers(task.tree, task.columns):
        workers = layer.units * layer.pieces if layer.total else layer.pieces
        some, place = weights[place : place + workers], place + workers
        shape = (layer.units, layer.pieces) if layer.total else (layer.pieces, layer.units)
        matrix = np.concatenate([one[0] for one in some]).reshape(*shape, layer.columns)
        bias = np.concatenate([one[1] for one in some]).reshape(shape)
        if not layer.total:
            matrix, bias = matrix.transpose(1, 0, 2), bias.T
        found.append((np.ascontiguousarray(matrix), np.ascontiguousarray(bias)))
    return found
