"""A table as it lies in its folder, opened by its description without reading it: the columns are mapped files."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.table import CODED, Column, Table


def schema(description: Mapping[str, Any]) -> Table:
    """A table's columns without their rows; as many empty texts where those stand in a file of their own."""
    counting = description.get("row_numbers", ())
    return Table(tuple(_column(told, told["name"] in counting) for told in description["columns"]), {})


def _column(told: Mapping[str, Any], numbers_rows: bool) -> Column:
    elsewhere = told["distinct"] if told.get("categories_file") else 0
    return Column(told["name"], told["type"], tuple(told.get("categories") or [""] * elsewhere), numbers_rows)


def open_table(folder: Path, description: Mapping[str, Any], *, texts: Collection[str] | None = None) -> Table:
    """The engine's table over the columns in `folder`, which a description (JSON, as the intake wrote it) names.

    Where a column has very many texts, reading them takes a while: `texts` names the columns whose texts are
    needed, the others then have as many empty ones. None: all are read. Raises OSError or ValueError where a file
    is missing or is none of ours.
    """
    columns = [
        replace(column, categories=tuple(json.loads((folder / told["categories_file"]).read_bytes())))
        if told.get("categories_file") and (texts is None or column.name in texts)
        else column
        for column, told in zip(schema(description).columns, description["columns"], strict=True)
    ]
    data = {told["name"]: _values(folder / told["file"], told["type"]) for told in description["columns"]}
    return Table(tuple(columns), data)


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
