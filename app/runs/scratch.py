"""Room for a training's prepared rows: in memory while they are few, in a mapped file of the run's folder else.

The file loses its name as soon as it is mapped, so that it is gone with the process, however that ends.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np

from app import files
from engine.arrays import Rows
from engine.training.preparing import Allocate, in_memory

LARGE = 256 * 1024 * 1024


def scratch(folder: Path, large: int = LARGE) -> Allocate:
    """What makes room for matrices; those of more than `large` bytes become files. Raises OSError on a full disk."""

    def allocate(name: str, shape: tuple[int, int], dtype: Any) -> Rows:
        size = shape[0] * shape[1] * np.dtype(dtype).itemsize
        return in_memory(name, shape, dtype) if size <= large else _mapped(files.aside_name(folder), shape, dtype, size)

    return allocate


def _mapped(path: Path, shape: tuple[int, int], dtype: Any, size: int) -> Rows:
    try:
        with path.open("xb") as file:
            if hasattr(os, "posix_fallocate"):
                os.posix_fallocate(file.fileno(), 0, size)  # else a disk that fills up later kills the process
        mapped: Rows = np.memmap(path, dtype, mode="r+", shape=shape)
        return mapped
    finally:
        path.unlink(missing_ok=True)
