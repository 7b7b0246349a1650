"""The learning rate that "auto" comes to: the optimiser's usual one, or less where the loss bends too sharply for it.

Plain steps along the gradient run away where the rate is above two over the sharpest bend of the loss, and a sum of
eight workers bends eight times as sharply as one. Optimisers that measure their steps by past gradients need no such
care, and say so.
"""

from __future__ import annotations

import numpy as np

from engine.arrays import RowIds, Vector
from engine.primitive import Moment
from engine.start import generator_for
from engine.training.executor import Callbacks, Work

LOOKED_AT = 256
ROUNDS = 12
APART = 1e-4


def safe(work: Work, rows: RowIds, parameters: Vector, usual: float) -> float:
    """The usual rate, or one over the sharpest bend of the loss at these parameters, to two digits, if that is less."""
    if not work.acting.optimizer.plain:
        return usual
    sharpest = _sharpest(work, rows, np.asarray(parameters, np.float64))
    return min(usual, float(f"{1 / sharpest:.2g}")) if 0 < sharpest < np.inf else usual


def _sharpest(work: Work, rows: RowIds, parameters: Vector) -> float:
    """The largest curvature of the summed losses over some rows, each round nearer: how far two gradients differ."""
    some = rows[np.linspace(0, len(rows) - 1, min(len(rows), LOOKED_AT)).astype(int)]
    callbacks, apart = Callbacks(work), APART * (1 + float(np.linalg.norm(parameters)))
    direction = generator_for(work.seed, "rate").normal(size=len(parameters))
    length = float(np.linalg.norm(direction))
    for _ in range(ROUNDS):
        with np.errstate(over="ignore", invalid="ignore"):
            step = direction * (apart / length)
            _, ahead = callbacks.gradient(parameters + step, some, Moment())
            _, behind = callbacks.gradient(parameters - step, some, Moment())
            direction = (ahead - behind) / (2 * apart)
            length = float(np.linalg.norm(direction))
        if not 0 < length < np.inf:
            break
    return length
