"""Where a worker begins beside one that has too much to do: on its plane, tilted so that each takes half of its rows.

It is tilted along the direction in which the rows bend most: where what is missed grows with the square of the distance
from the middle, two planes fit what one cannot. That direction is an eigenvector of the misses' mean Hessian; Li, "On
Principal Hessian Directions for Data Visualization and Dimension Reduction", 1992. Where there are too few rows or too
many columns to tell, it is drawn at random.
"""

from __future__ import annotations

import math

import numpy as np

from engine.arrays import Array, Rows, Vector

SHARE = 0.5
ROWS_A_COLUMN = 4
MOST_COLUMNS = 100


def tilted(
    weights: Rows, bias: Vector, task: Rows, misses: Vector, generator: np.random.Generator
) -> tuple[Rows, Vector]:
    """Weights and bias that estimate half of the rows higher than those of the winner that are given.

    task: rows x width, those that the winner wins. misses: by how much each estimate should stand out more: be higher
    where the highest wins, lower where the lowest does; up to a factor.
    """
    direction = _bent(task, misses)
    if direction is None:
        drawn = generator.normal(size=weights.shape)
        tilt = drawn[0] * (SHARE * (_size(weights) or 1.0) / _size(drawn))
    else:
        sign = 1 if generator.random() < 0.5 else -1
        apart, wide = (task @ direction).std(), (task @ weights[0]).std()
        tilt = direction * (sign * SHARE * (wide or 1.0) / apart)
    return weights + tilt, bias - np.median(task @ tilt)


def _size(numbers: Array) -> float:
    return math.sqrt(float(np.vdot(numbers, numbers)) / numbers.size)


def _bent(task: Rows, misses: Vector) -> Vector | None:
    """The direction along which the misses are the most like a valley; None where it cannot be told."""
    centred, spread = task - task.mean(axis=0), task.std(axis=0)
    varied = spread > 0
    count = int(np.count_nonzero(varied))
    if not 0 < count <= MOST_COLUMNS or len(centred) < ROWS_A_COLUMN * count or not misses.any():
        return None
    even = centred[:, varied] / spread[varied]
    flat, _ = np.linalg.qr(np.column_stack([even, np.ones(len(even))]))
    left = misses - flat @ (flat.T @ misses)
    bends = (even * left[:, None]).T @ even
    if not np.isfinite(bends).all():
        return None
    _, directions = np.linalg.eigh(bends)
    found = np.zeros(centred.shape[1])
    found[varied] = directions[:, -1] / spread[varied]
    return found
