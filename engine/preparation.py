"""How a table's columns become the numbers that a team works on; part of the model, so that it can be redone anywhere.

A number is centred and divided by its deviation, a missing one is filled with the mean and told by a "was missing"
feature beside it. A category becomes one feature a value. What cannot teach anything (a constant, free text) is left
out, and the reason is kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.arrays import RowIds, Rows
from engine.errors import DataRefused
from engine.program import TaskColumn
from engine.table import CODED, NUMERIC, Column, Table

BLOCK = 65_536
MOST_CATEGORIES = 50


@dataclass(frozen=True)
class PreparedColumn:
    """One column's preparation.

    center, scale: a number's feature is (value - center) / scale.
    fill: what a missing number counts as.
    categories: each has a feature that is 1 for it and 0 otherwise; a value that is not among them has all 0.
    flagged: whether a last feature says that the value was missing.
    """

    name: str
    type: str
    center: float = 0.0
    scale: float = 1.0
    fill: float = 0.0
    categories: tuple[str, ...] = ()
    flagged: bool = False

    @property
    def width(self) -> int:
        """How many features it has."""
        return (len(self.categories) if self.type in CODED else 1) + self.flagged

    def names(self) -> list[str]:
        """What each feature is called."""
        values = [f"{self.name} = {category}" for category in self.categories] if self.type in CODED else [self.name]
        return values + ([f"{self.name} was missing"] if self.flagged else [])

    def usual(self) -> NDArray[np.float64]:
        """Its features in a row like any other: a number is the mean, every category has the same share."""
        if self.type in CODED:
            known = [1 / len(self.categories) for _ in self.categories]
        else:
            known = [(self.fill - self.center) / self.scale]
        return np.array(known + [0.0] * self.flagged)

    def fill_in(self, out: Rows, values: NDArray[Any], column: Column) -> None:
        """Writes the features of some rows into `out` (rows x width)."""
        if self.type in CODED:
            places = {name: place for place, name in enumerate(self.categories)}
            where = np.array([places.get(name, -1) for name in column.categories] + [-1])
            chosen = where[values]
            out[:] = 0
            known = np.flatnonzero(chosen >= 0)
            out[known, chosen[known]] = 1
            missing = values < 0
        else:
            missing = ~np.isfinite(values)
            out[:, 0] = (np.where(missing, self.fill, values) - self.center) / self.scale
        if self.flagged:
            out[:, -1] = missing


@dataclass(frozen=True)
class LeftOut:
    """A column that takes no part, and why."""

    column: str
    reason: str


@dataclass(frozen=True)
class Preparation:
    """The columns that take part, in order, and those that do not."""

    columns: tuple[PreparedColumn, ...]
    left_out: tuple[LeftOut, ...] = ()

    @property
    def width(self) -> int:
        """How many features a row has."""
        return sum(column.width for column in self.columns)

    def task_columns(self) -> dict[str, TaskColumn]:
        """By name, how the task holds a column; without a place where it was left out."""
        found: dict[str, TaskColumn] = {left.column: TaskColumn(()) for left in self.left_out}
        at = 0
        for column in self.columns:
            places = range(at, at + column.width)
            kept = (column.center, column.scale, column.fill, column.categories, column.flagged, column.type)
            found[column.name] = TaskColumn(places, *kept)
            at += column.width
        return found

    def names(self) -> list[str]:
        """What each feature is called."""
        return [name for column in self.columns for name in column.names()]

    def apply(self, table: Table, out: Rows | None = None, dtype: Any = np.float64) -> Rows:
        """The features of all rows: rows x width. Written block by block into `out` where it is given, which may be
        a mapped file. Raises DataRefused when the table lacks a column."""
        if out is None:
            out = np.empty((table.rows, self.width), dtype)
        for low in range(0, table.rows, BLOCK):
            rows = slice(low, min(low + BLOCK, table.rows))
            at = 0
            for column in self.columns:
                known = table.column(column.name)
                column.fill_in(out[rows, at : at + column.width], np.asarray(table.data[column.name][rows]), known)
                at += column.width
        return out

    def schema(self) -> tuple[Column, ...]:
        """The table columns that rows to be prepared must have."""
        return tuple(Column(column.name, column.type, column.categories) for column in self.columns)

    def to_json(self) -> list[dict[str, Any]]:
        return [asdict(column) | {"categories": list(column.categories)} for column in self.columns]


def fit(table: Table, columns: Sequence[str], rows: RowIds, *, standardise: bool = True) -> Preparation:
    """The preparation of these columns, measured on these rows alone."""
    prepared: list[PreparedColumn] = []
    left_out: list[LeftOut] = []
    for name in columns:
        found = _fit_column(table, table.column(name), rows, standardise)
        (prepared if isinstance(found, PreparedColumn) else left_out).append(found)  # type: ignore[arg-type]
    return Preparation(tuple(prepared), tuple(left_out))


def fit_number(
    name: str, type: str, values: NDArray[np.floating], *, standardise: bool = True
) -> PreparedColumn | LeftOut:
    """The preparation of one numeric column out of its training values."""
    known = values[np.isfinite(values)]
    if not len(known):
        return LeftOut(name, "it is empty in all training rows")
    if known.min() == known.max() and len(known) == len(values):
        return LeftOut(name, "it has the same value in all training rows")
    with np.errstate(over="ignore", invalid="ignore"):
        mean = float(known.mean())
        deviation = float(np.sqrt(np.mean((known - mean) ** 2)))
    if not np.isfinite([mean, deviation]).all():
        return LeftOut(name, "its numbers are too large to be averaged")
    flagged = len(known) < len(values)
    center, scale = (mean, deviation or 1.0) if standardise else (0.0, 1.0)
    return PreparedColumn(name, type, center, scale, mean, flagged=flagged)


def from_json(value: Any) -> Preparation:
    """Reads what `Preparation.to_json` wrote. Raises DataRefused."""
    try:
        columns = tuple(_column_from_json(entry) for entry in value)
        if len({column.name for column in columns}) < len(columns):
            raise ValueError("names")
        return Preparation(columns)
    except (TypeError, ValueError, KeyError) as error:
        raise DataRefused("The preparation of the columns is not readable.") from error


def _fit_column(table: Table, column: Column, rows: RowIds, standardise: bool) -> PreparedColumn | LeftOut:
    values = np.asarray(table.data[column.name])[rows]
    if column.type not in CODED:
        return fit_number(column.name, column.type, values, standardise=standardise)
    counts = np.bincount(values[values >= 0], minlength=len(column.categories))
    common = np.argsort(-counts, kind="stable")[:MOST_CATEGORIES]
    categories = tuple(column.categories[code] for code in sorted(common) if counts[code])
    flagged = bool((values < 0).any())
    if len(categories) + flagged < 2:
        return LeftOut(
            column.name,
            "it has the same value in all training rows" if categories else "it is empty in all training rows",
        )
    return PreparedColumn(column.name, column.type, categories=categories, flagged=flagged)


def _column_from_json(entry: Mapping[str, Any]) -> PreparedColumn:
    column = PreparedColumn(**{**entry, "categories": tuple(entry["categories"])})
    numbers = (column.center, column.scale, column.fill)
    if not all(isinstance(number, int | float) and np.isfinite(number) for number in numbers) or column.scale == 0:
        raise ValueError("numbers")
    if not isinstance(column.flagged, bool) or not all(
        isinstance(name, str) for name in (column.name, column.type, *column.categories)
    ):
        raise ValueError("texts")
    if column.type not in (*NUMERIC, *CODED) or len(set(column.categories)) < len(column.categories):
        raise ValueError("type")
    return column
