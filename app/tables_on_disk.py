"""A table as it lies in its folder, opened by its description without reading it: the columns are mapped files."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.table import CODED, Column, Table


def open_table(folder: Path, description: Mapping[str, Any], *, texts: Collection[str] | None = None) -> Table:
    """The engine's table over the columns in `folder`, which a description (JSON, as the intake wrote it) names.

    Where a column has very many texts, reading them takes a while: `texts` names the columns whose texts are
    needed, the others then have as many empty ones. None: all are read. Raises OSError or ValueError where a file
    is missing or is none of ours.
    """
    columns = [_column(folder, told, texts) for told in description["columns"]]
    data = {told["name"]: _values(folder / told["file"], told["type"]) for told in description["columns"]}
    return Table(tuple(columns), data)


def _column(folder: Path, told: Mapping[str, Any], texts: Collection[str] | None) -> Column:
    listed, elsewhere = told.get("categories"), told.get("categories_file")
    if listed is None and elsewhere:
        wanted = texts is None or told["name"] in texts
        listed = json.loads((folder / elsewhere).read_bytes()) if wanted else [""] * told["distinct"]
    return Column(told["name"], told["type"], tuple(listed or ()))


def _values(path: Path, type: str) -> NDArray[Any]:
    """One column, mapped. What is empty cannot be mapped."""
    try:
        values: NDArray[Any] = np.load(path, mmap_mode="r", allow_pickle=False)
    except ValueError:
        values = np.load(path, allow_pickle=False)
    wanted = np.int32 if type in CODED else np.float64
    if values.ndim != 1 or values.dtype != wanted:
        raise ValueError(f"{path.name} does not hold one column of {np.dtype(wanted).name}.")
    return values
