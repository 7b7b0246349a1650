"""Numbers as JSON can hold them and people read them: to a few digits, compiled or not."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.tape.library import library

DIGITS = 5


def plain(values: NDArray[np.float64]) -> list[Any]:
    """Numbers to five digits, None for what is no number. Nested lists for more than one dimension."""
    compiled, given = library(), np.ascontiguousarray(values, np.float64)
    told = _in_numpy(given) if compiled is None else np.empty_like(given)
    if compiled is None:
        gapless = bool(np.isfinite(told).all())
    else:
        gapless = not compiled.round_off(given.ctypes.data, given.size, told.ctypes.data)
    return list(told.tolist() if gapless else _with_gaps(told.tolist()))


@np.errstate(divide="ignore", invalid="ignore", over="ignore")
def _in_numpy(values: NDArray[np.float64]) -> NDArray[np.float64]:
    size = np.where(values == 0, 1.0, np.abs(values))
    unit = 10.0 ** (DIGITS - 1 - np.floor(np.log10(size)))
    return np.where(np.isfinite(unit), np.round(values * unit) / unit, values)


def _with_gaps(told: Any) -> Any:
    if isinstance(told, list):
        return [_with_gaps(value) for value in told]
    return told if math.isfinite(told) else None
