"""Compares feedback with what wiggling the numbers shows."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Array, Rows


def wiggle(run: Callable[[Array], Rows], at: Array, re_result: Rows, *, step: float = 1e-6) -> NDArray[np.float64]:
    """The feedback on `at` that the results themselves imply: central differences, one number at a time."""
    implied = np.zeros(at.shape)
    for index in np.ndindex(at.shape):
        up, down = at.copy(), at.copy()
        up[index] += step
        down[index] -= step
        implied[index] = ((run(up) - run(down)) * re_result).sum() / (2 * step)
    return implied


def sealed(array: Array) -> Array:
    """A copy that raises when written to: shows who changes what is not theirs."""
    copy = array.copy()
    copy.setflags(write=False)
    return copy
