"""Adam: every parameter finds a step length of its own.

Kingma and Ba, "Adam: A Method for Stochastic Optimization", 2015, with the bias correction before the epsilon.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Vector
from engine.optimizer import Memory, Optimizer, Rates, Steps

FADE_MEAN, FADE_SQUARE, EPSILON = 0.9, 0.999, 1e-8
WHOLE = 40  # e^-40 is less than the last bit of 1


def update(parameters: Vector, gradient: Vector, memory: Memory, rate: float, step: int) -> tuple[Vector, Memory]:
    mean = memory[0] + (1 - FADE_MEAN) * (gradient - memory[0])
    square = memory[1] + (1 - FADE_SQUARE) * (gradient * gradient - memory[1])
    mean_share, square_share = 1 - FADE_MEAN**step, 1 - FADE_SQUARE**step
    moved = rate / mean_share * mean / (np.sqrt(square / square_share) + EPSILON)
    return parameters - moved, (mean, square)


def coefficients(rates: Rates, steps: Steps) -> NDArray[np.float64]:
    """How fast mean and square follow, the rate with both bias corrections, and the epsilon that goes with it."""
    found = np.empty((4, len(rates)))
    found[0], found[1], found[2], found[3] = 1 - FADE_MEAN, 1 - FADE_SQUARE, rates, EPSILON
    mean, root = _young_shares(FADE_MEAN, steps), np.sqrt(_young_shares(FADE_SQUARE, steps))
    found[2, : len(mean)] /= mean
    found[2:, : len(root)] *= root
    return found


def _young_shares(fade: float, steps: Steps) -> NDArray[np.float64]:
    """What the steps so far have of the whole average; of steps from which on it is all, to the last bit, nothing."""
    young = np.searchsorted(steps, WHOLE / (1 - fade))
    return np.asarray(1 - fade ** steps[:young].astype(float))


optimizer = Optimizer(
    title="Adam",
    help="Gives every parameter a step length of its own, from how its feedback went so far.",
    memory=2,
    rate=0.05,
    update=update,
    coefficients=coefficients,
)
