"""A table: named columns of numbers, dates, yes-or-no and categories, each an array of its own.

Numbers, dates (days since 1970-01-01) and booleans are float64 with NaN where a value is missing; categories are
int32 codes into the column's list, -1 where a value is missing. The arrays may be memory-mapped files.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.errors import DataRefused

NUMERIC = ("number", "boolean", "date")
CODED = ("category", "text")
YES = frozenset({"true", "yes", "y", "t", "1"})
NO = frozenset({"false", "no", "n", "f", "0"})
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Column:
    """What a column is called and what stands in it. "text" is a category with too many values to learn from.

    numbers_rows: its numbers only tell the rows apart.
    """

    name: str
    type: str
    categories: tuple[str, ...] = ()
    numbers_rows: bool = False


@dataclass(frozen=True)
class Table:
    """Columns side by side. Reading is all that can be done to it."""

    columns: tuple[Column, ...]
    data: Mapping[str, NDArray[Any]]

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(next(iter(self.data.values()))) if self.data else 0

    def column(self, name: str) -> Column:
        """The column of this name. Raises DataRefused when there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise DataRefused(f"The table has no column '{name}'. It has: {', '.join(c.name for c in self.columns)}.")

    def cell(self, name: str, row: int) -> Any:
        """One value as JSON would say it; None where it is missing."""
        return cell_to_json(self.column(name), self.data[name][row])

    def row(self, row: int) -> dict[str, Any]:
        """One row by column name."""
        return {column.name: self.cell(column.name, row) for column in self.columns}


def cell_to_json(column: Column, value: Any) -> Any:
    """A stored value as JSON would say it; None where it is missing."""
    if column.type in CODED:
        return column.categories[int(value)] if value >= 0 else None
    if not np.isfinite(value):
        return None
    if column.type == "boolean":
        return bool(value)
    if column.type == "date":
        return _date_to_text(float(value))
    number = float(value)
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


def cell_from_json(column: Column, value: Any) -> float:
    """A value that a person or program gave, as it is stored. Raises DataRefused when it does not fit the column."""
    if value is None or value == "":
        return -1.0 if column.type in CODED else float("nan")
    if column.type in CODED:
        return float(column.categories.index(str(value))) if str(value) in column.categories else -1.0
    reader = {"number": _number, "boolean": _boolean, "date": days_of}[column.type]
    read = reader(value)
    if read is None:
        wanted = {"number": "a number", "boolean": "true or false", "date": "a date like 2026-01-31"}[column.type]
        raise DataRefused(
            f"Column '{column.name}' wants {wanted}; '{str(value)[:40]}' is not. Correct it or leave it out."
        )
    return read


def from_rows(columns: Sequence[Column], rows: Iterable[Mapping[str, Any]]) -> Table:
    """A table of given columns out of JSON-like rows; what a row leaves out is missing."""
    listed = list(rows)
    data = {
        column.name: np.array(
            [cell_from_json(column, row.get(column.name)) for row in listed],
            dtype=np.int32 if column.type in CODED else np.float64,
        )
        for column in columns
    }
    return Table(tuple(columns), data)


def from_columns(data: Mapping[str, Sequence[Any] | NDArray[Any]]) -> Table:
    """A table out of lists or arrays by column name; texts become categories, everything else numbers."""
    columns, arrays = [], {}
    lengths = {len(values) for values in data.values()}
    if len(lengths) > 1:
        raise DataRefused(f"The columns have different lengths: {sorted(lengths)}. Give each the same number of rows.")
    for name, values in data.items():
        if any(isinstance(value, str) for value in values):
            categories = tuple(sorted({str(value) for value in values if value is not None}))
            column = Column(name, "category", categories)
            arrays[name] = np.array([cell_from_json(column, value) for value in values], dtype=np.int32)
        else:
            column = Column(name, "number")
            arrays[name] = np.array([np.nan if value is None else value for value in values], dtype=np.float64)
        columns.append(column)
    return Table(tuple(columns), arrays)


def _number(value: Any) -> float | None:
    if isinstance(value, bool):
        return float(value)
    try:
        read = float(value) if isinstance(value, int | float | str) and "_" not in str(value) else float("nan")
    except (ValueError, OverflowError):
        return None
    return read if np.isfinite(read) else None


def _boolean(value: Any) -> float | None:
    word = str(value).strip().lower()
    return 1.0 if word in YES else 0.0 if word in NO else None


def days_of(value: Any) -> float | None:
    """Days since 1970-01-01, of a date like 2026-01-31 or of days; None for anything else."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _number(value)
    try:
        read = datetime.fromisoformat(str(value).strip())
    except ValueError:
        return None
    read = read if read.tzinfo else read.replace(tzinfo=UTC)
    return (read - EPOCH).total_seconds() / 86_400


def _date_to_text(days: float) -> str:
    if days.is_integer() and date.min.toordinal() <= days + EPOCH.toordinal() <= date.max.toordinal():
        return date.fromordinal(int(days) + EPOCH.toordinal()).isoformat()
    return str(np.datetime64(round(days * 86_400), "s"))
