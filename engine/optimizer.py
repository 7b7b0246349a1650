"""What an optimiser is: how the parameters change, given the feedback on them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Vector
from engine.discovery import Found

Rates: TypeAlias = NDArray[np.float64]
Steps: TypeAlias = NDArray[np.integer]
Memory: TypeAlias = tuple[Vector, ...]
"""What an optimiser remembers from step to step: vectors as long as the parameters."""


@dataclass(frozen=True, kw_only=True)
class Optimizer:
    """An optimiser.

    name: that of its file.
    rate, decay: the learning rate and weight decay that it has unless told otherwise.
    plain: whether a step is as long as the gradient says, so that too high a rate runs away.
    memory: how many vectors it remembers.
    update: (parameters, gradient, memory, rate, step counted from 1) -> new parameters, new memory. Changes nothing
        that it was given.
    coefficients: (rates, ascending steps counted from 1) -> some numbers x steps: what the compiled form of the update
        wants.
    """

    name: str = ""
    title: str
    help: str
    memory: int
    rate: float
    decay: float = 0.0
    plain: bool = False
    update: Callable[[Vector, Vector, Memory, float, int], tuple[Vector, Memory]]
    coefficients: Callable[[Rates, Steps], NDArray[np.float64]]


@cache
def catalogue() -> Mapping[str, Optimizer]:
    """Every optimiser there is, by name of its file."""
    return Found("engine.optimizers", "optimizer", lambda name, found: replace(found, name=name))
