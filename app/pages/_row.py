"""A row of a table that a person typed in, and at which fields it is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from starlette.datastructures import FormData

from app.pages._forms import LONGEST_ECHO, text
from app.pages._typed import typed
from engine.errors import DataRefused
from engine.table import Column, cell_from_json

WANTED = {"number": "a number like 1200.5", "date": "a date like 2026-01-31", "boolean": "yes or no"}


@dataclass(frozen=True)
class Row:
    """By column. written: as it was typed; values: as the engine reads it; wrong: a sentence where it cannot be."""

    written: Mapping[str, str]
    values: Mapping[str, str]
    wrong: Mapping[str, str] = field(default_factory=dict)


def read_row(columns: Sequence[Column], sent: FormData) -> Row:
    """What a form says of these columns; each field is called as its column, after "column-"."""
    written = {column.name: text(sent, f"column-{column.name}").strip() for column in columns}
    values = {column.name: typed(written[column.name], column.type) for column in columns}
    unfit = [column for column in columns if not _fits(column, values[column.name])]
    return Row(written, values, {column.name: _sentence(column, written[column.name]) for column in unfit})


def _fits(column: Column, value: str) -> bool:
    try:
        cell_from_json(column, value)
    except DataRefused:
        return False
    return True


def _sentence(column: Column, written: str) -> str:
    return f"{column.name} cannot be “{written[:LONGEST_ECHO]}”: write {WANTED[column.type]}, or leave it empty."
