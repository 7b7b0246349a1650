"""Gradient descent: a step against the feedback, as long as the feedback is large."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Vector
from engine.optimizer import Memory, Optimizer, Rates, Steps


def update(parameters: Vector, gradient: Vector, memory: Memory, rate: float, step: int) -> tuple[Vector, Memory]:
    return parameters - rate * gradient, memory


def coefficients(rates: Rates, steps: Steps) -> NDArray[np.float64]:
    return rates[None]


optimizer = Optimizer(
    title="Gradient descent",
    help="Takes a step against the feedback; the larger the feedback, the longer the step.",
    memory=0,
    rate=0.1,
    plain=True,
    update=update,
    coefficients=coefficients,
)
