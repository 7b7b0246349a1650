"""Momentum: gradient descent that keeps going where it has been going.

Polyak, "Some methods of speeding up the convergence of iteration methods", 1964.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Vector
from engine.optimizer import Memory, Optimizer, Rates, Steps

KEPT = 0.9


def update(parameters: Vector, gradient: Vector, memory: Memory, rate: float, step: int) -> tuple[Vector, Memory]:
    speed = KEPT * memory[0] + gradient
    return parameters - rate * speed, (speed,)


def coefficients(rates: Rates, steps: Steps) -> NDArray[np.float64]:
    """The rate, and how much of the speed is kept."""
    return np.stack([rates, np.full(len(rates), KEPT)])


optimizer = Optimizer(
    title="Momentum",
    help="Gradient descent that keeps nine tenths of its speed from step to step.",
    memory=1,
    rate=0.02,
    plain=True,
    update=update,
    coefficients=coefficients,
)
