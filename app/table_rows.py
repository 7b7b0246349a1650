"""Rows of a table as JSON values, read from its folder without reading the rest of it."""

from __future__ import annotations

import json
import mmap
import re
from array import array
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from engine.table import CODED, Column, cell_to_json

MOST_CELLS = 200_000  # in one answer, however wide the table is
TEXT = re.compile(rb'"(?:[^"\\]|\\.)*+"')


def read_rows(folder: Path, description: Mapping[str, Any], offset: int, limit: int) -> list[tuple[Any, ...]]:
    """The rows from `offset` on: as many as asked for and there are, but no more cells than `MOST_CELLS`."""
    columns = description["columns"]
    most = min(limit, max(1, MOST_CELLS // len(columns)))
    return list(zip(*(_cells(folder, column, offset, offset + most) for column in columns), strict=True))


def _cells(folder: Path, described: Mapping[str, Any], low: int, high: int) -> Sequence[Any]:
    values = np.load(folder / described["file"], mmap_mode="r", allow_pickle=False)[low:high].tolist()
    if described["categories_file"]:
        return _texts(folder / described["categories_file"], values)
    categories = tuple(described["categories"] or ())
    column = Column(described["name"], described["type"], categories)
    if column.type in CODED:
        return [categories[code] if code >= 0 else None for code in values]
    return [cell_to_json(column, value) for value in values]


def _texts(path: Path, codes: Sequence[int]) -> list[str | None]:
    """The texts of these codes, out of a file that holds all texts of the column as one JSON list."""
    starts, known = _starts(path), {}
    with path.open("rb") as file:
        for code in {code for code in codes if code >= 0}:
            file.seek(starts[code])
            known[code] = json.loads(file.read(starts[code + 1] - starts[code]).rstrip(b", ]"))
    return [known.get(code) for code in codes]


@lru_cache(maxsize=4)
def _starts(path: Path) -> array[int]:
    """Where each text of a file begins, and where the file ends."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return array("Q", [*(found.start() for found in TEXT.finditer(content)), len(content)])
