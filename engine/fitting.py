"""Brings a table's columns to the types that a model was trained on, as far as they fit."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.errors import DataRefused
from engine.table import CODED, Column, Table, cell_from_json, cell_to_json


def fitted(table: Table, columns: Sequence[Column], beside: Sequence[str] = ()) -> Table:
    """The rows of the table under these columns, every value as `from_rows` would take it.

    beside: more columns of the table, which stay as they are there.
    Raises DataRefused for a column that the table lacks, and for a value that does not fit, with its row from 1.
    """
    data, found = {}, []
    for column in columns:
        known, values = table.column(column.name), table.data[column.name]
        same = known.type == column.type or (known.type in CODED and column.type in CODED)
        found.append(known if same else column)
        data[column.name] = values if same else _converted(values, known, column)
    for name in beside:
        if name not in data:
            found.append(table.column(name))
            data[name] = table.data[name]
    return Table(tuple(found), data)


def _converted(values: np.ndarray, known: Column, column: Column) -> np.ndarray:
    """Each value once, however often it stands there."""
    if known.type not in CODED:
        values = np.where(np.isfinite(values), values, np.nan)
    different, first, places = np.unique(values, return_index=True, return_inverse=True)
    converted = np.empty(len(different), np.int32 if column.type in CODED else np.float64)
    for place in np.argsort(first):  # so that the first row that does not fit is the one that is named
        try:
            converted[place] = cell_from_json(column, cell_to_json(known, different[place]))
        except DataRefused as error:
            raise DataRefused(f"Row {first[place] + 1:,}: {error}") from error
    return converted[places]
