"""The array shapes and the callbacks that the engine speaks of, and room for arrays."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Rows: TypeAlias = NDArray[np.floating[Any]]
"""rows x width: one row an example, one column a number of it."""

Vector: TypeAlias = NDArray[np.floating[Any]]
"""One dimension: all parameters of a plan, end to end."""

Array: TypeAlias = NDArray[np.floating[Any]]
"""Any shape: one parameter of a worker."""

RowIds: TypeAlias = NDArray[np.integer[Any]]
"""Which rows of a table, in the order in which they are visited."""

Feedback: TypeAlias = Callable[[Rows], Rows]
"""A worker's callback: feedback on its result (rows x width out) -> on its task (rows x width in)."""

Answer: TypeAlias = tuple[Sequence[Rows | None], Sequence[Array]]
"""What a primitive's callback gives: feedback on each input (None where nobody wants it), and on each parameter."""

PrimitiveFeedback: TypeAlias = Callable[[Rows], Answer]
"""A primitive's callback: feedback on its result -> on its inputs and its parameters."""

LINE = 64
"""Bytes that memory hands to the processor at once."""


def zeros(shape: tuple[int, ...], dtype: Any) -> Any:
    """Zeros that begin where a line of memory does: who reads a line at a time then never reads two for one."""
    size = math.prod(shape) * np.dtype(dtype).itemsize
    room = np.zeros(size + LINE, np.uint8)
    first = -room.ctypes.data % LINE
    return room[first : first + size].view(dtype).reshape(shape)
