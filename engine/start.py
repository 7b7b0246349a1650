"""What a parameter is before anything was learnt."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np

from engine.arrays import Array
from engine.primitive import Shape

Start: TypeAlias = Callable[[np.random.Generator, Shape], Array]
"""Draws a parameter of the given shape."""


def zeros(generator: np.random.Generator, shape: Shape) -> Array:
    """All zero."""
    return np.zeros(shape)


def ones(generator: np.random.Generator, shape: Shape) -> Array:
    """All one."""
    return np.ones(shape)


def spread(generator: np.random.Generator, shape: Shape) -> Array:
    """Normal, with a deviation of one over the root of the last dimension: results as large as the inputs."""
    return generator.normal(0, max(shape[-1], 1) ** -0.5, shape)


def small(generator: np.random.Generator, shape: Shape) -> Array:
    """Normal, with a deviation of 0.1."""
    return generator.normal(0, 0.1, shape)


def fixed(values: Any) -> Start:
    """These very numbers."""
    return lambda generator, shape: np.asarray(values, float).reshape(shape)


def generator_for(seed: int, *names: str) -> np.random.Generator:
    """A generator that depends on the seed and the names alone, so that one node starts the same whatever stands by."""
    return np.random.default_rng([seed, *(zlib.crc32(name.encode()) for name in names)])
