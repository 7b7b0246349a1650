"""What an optimiser is: how the parameters change, given the feedback on them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TypeAlias

from engine.arrays import Vector
from engine.discovery import discover

Memory: TypeAlias = tuple[Vector, ...]
"""What an optimiser remembers from step to step: vectors as long as the parameters."""


@dataclass(frozen=True, kw_only=True)
class Optimizer:
    """An optimiser.

    memory: how many vectors it remembers.
    update: (parameters, gradient, memory, rate, step counted from 1) -> new parameters, new memory. Changes nothing
        that it was given.
    """

    title: str
    help: str
    memory: int
    rate: float
    update: Callable[[Vector, Vector, Memory, float, int], tuple[Vector, Memory]]


@cache
def catalogue() -> Mapping[str, Optimizer]:
    """Every optimiser there is, by name of its file."""
    return MappingProxyType(discover("engine.optimizers", "optimizer"))
