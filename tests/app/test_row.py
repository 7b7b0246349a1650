"""A row that is typed in: every value that cannot be is told at its own column."""

from starlette.datastructures import FormData

from app.pages._row import read_row
from engine.table import Column

COLUMNS = (
    Column("size", "number"),
    Column("day", "date"),
    Column("new", "boolean"),
    Column("town", "category", ("a",)),
)


def test_every_wrong_value_is_told_as_it_was_typed() -> None:
    typed = {"column-size": "1 m", "column-day": "soon", "column-new": "perhaps", "column-town": "a"}
    row = read_row(COLUMNS, FormData(typed))
    assert row.wrong == {
        "size": "size cannot be “1 m”: write a number like 1200.5, or leave it empty.",
        "day": "day cannot be “soon”: write a date like 2026-01-31, or leave it empty.",
        "new": "new cannot be “perhaps”: write yes or no, or leave it empty.",
    }
    assert row.written["size"] == "1 m"


def test_what_can_be_read_is_read_and_shown_as_it_was_typed() -> None:
    row = read_row(COLUMNS, FormData({"column-size": " 86,5 ", "column-day": "14.03.2025", "column-new": "yes"}))
    assert row.wrong == {}
    assert row.written == {"size": "86,5", "day": "14.03.2025", "new": "yes", "town": ""}
    assert row.values == {"size": "86.5", "day": "2025-03-14", "new": "yes", "town": ""}
