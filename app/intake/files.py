"""Files of a table, each written completely and on the disk before the next."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt
import polars as pl

BLOCK = 1_000


def write_array(path: Path, values: npt.NDArray[Any]) -> None:
    """A one-dimensional array as `.npy`."""
    with _on_disk(path) as file:
        np.save(file, values, allow_pickle=False)


def write_texts(path: Path, texts: pl.Series) -> None:
    """Texts as one JSON list, written in blocks so that they are never all in memory as Python strings."""
    with _on_disk(path) as file:
        file.write(b"[")
        for start in range(0, len(texts), BLOCK):
            block = json.dumps(texts.slice(start, BLOCK).to_list(), ensure_ascii=False)[1:-1]
            file.write((", " if start else "").encode() + block.encode())
        file.write(b"]")


@contextmanager
def _on_disk(path: Path) -> Iterator[IO[bytes]]:
    with path.open("wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())
