"""What everyone is given: rows, targets, starting weights and the order of the rows, in one file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.engine.graphs import TASKS, Task, linear_workers

EPOCHS = 4
"""Whose order is handed out; who learns for longer begins again with the first."""
RATE = 0.01


@dataclass(frozen=True)
class Assignment:
    """features: rows x columns; targets: rows; order: steps x batch; weights: of every linear worker, depth first."""

    task: Task
    features: NDArray[np.floating]
    targets: NDArray[np.floating]
    order: NDArray[np.int64]
    weights: list[tuple[Any, Any]]


def rows_of(task: Task) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Normal numbers, and what a team of the same form with other weights makes of them, with some noise."""
    generator = np.random.default_rng(1)
    features = generator.standard_normal((task.rows, task.columns), dtype=np.float32)
    teacher = [
        (generator.normal(0, columns**-0.5, (outputs, columns)), generator.normal(0, 0.1, outputs))
        for columns, outputs in linear_workers(task.tree, task.columns)
    ]
    workers = iter([(weights.astype(np.float32), bias.astype(np.float32)) for weights, bias in teacher])
    targets = _evaluated(task.tree, features, workers)[:, 0]
    return features, (targets + 0.1 * generator.standard_normal(task.rows)).astype(np.float32)


def _evaluated(tree: Any, given: Any, workers: Any) -> Any:
    kind, parts = tree
    if kind == "linear":
        weights, bias = next(workers)
        return given @ weights.T + bias
    if kind == "chain":
        for part in parts:
            given = _evaluated(part, given, workers)
        return given
    estimates = np.stack([_evaluated(part, given, workers) for part in parts])
    combine: Any = {"maximum": np.max, "addition": np.sum, "average": np.mean}[kind]
    return combine(estimates, axis=0)


def save(path: Path, given: Assignment) -> None:
    """Writes it where other processes can read it."""
    workers = {f"weights{i}": pair[0] for i, pair in enumerate(given.weights)}
    workers |= {f"bias{i}": pair[1] for i, pair in enumerate(given.weights)}
    np.savez(path, name=given.task.name, features=given.features, targets=given.targets, order=given.order, **workers)


def load(path: Path) -> Assignment:
    """Reads what `save` wrote."""
    with np.load(path) as found:
        count = sum(name.startswith("weights") for name in found.files)
        weights = [(found[f"weights{i}"], found[f"bias{i}"]) for i in range(count)]
        task = TASKS[str(found["name"])]
        return Assignment(task, found["features"], found["targets"], found["order"], weights)
