"""A clean file comes back exactly, however it is written."""

from __future__ import annotations

import csv
import io
import itertools
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.intake import Dialect, TableDescription
from app.intake.cells import BLANKS
from tests.app.intake.support import Cell, read, unhurried

NAMES = ["price", "colour", "day", "remark", "load"]
ROWS: list[tuple[Cell, ...]] = [
    (1.5 + row, ("red", "blé", "grün")[row % 3], 19_723.0 + row, ("so, so; well", "fine")[row % 2], -0.25 * row)
    for row in range(20)
]


@dataclass(frozen=True)
class Writing:
    delimiter: str
    quoting: str
    encoding: str
    line_end: str
    decimal: str
    header: bool

    def content(self) -> bytes:
        text = io.StringIO(newline="")
        writer = csv.writer(
            text,
            delimiter=self.delimiter,
            quotechar="'" if self.quoting == "single" else '"',
            quoting=csv.QUOTE_MINIMAL if self.quoting == "few" else csv.QUOTE_ALL,
            lineterminator=self.line_end,
        )
        writer.writerows([NAMES] if self.header else [])
        writer.writerows([self.spelled(cell) for cell in self.dated(row)] for row in ROWS)
        return text.getvalue().encode(self.encoding)

    def dated(self, row: tuple[Cell, ...]) -> list[Cell]:
        return [*row[:2], f"2024-01-{ROWS.index(row) + 1:02d}", *row[3:]]

    def spelled(self, cell: Cell) -> str:
        return f"{cell:.4f}".replace(".", self.decimal) if isinstance(cell, float) else str(cell)


WRITINGS = [
    Writing(*choice)
    for choice in itertools.product(
        [",", ";", "\t", "|"],
        ["few", "all", "single"],
        ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252"],
        ["\n", "\r\n", "\r"],
        [".", ","],
        [True, False],
    )
]


def check(writing: Writing) -> None:
    table = read(writing.content())
    assert table.names == (NAMES if writing.header else [f"Column {place}" for place in range(1, 6)])
    assert table.types == ["number", "category", "date", "category", "number"]
    assert table.rows == ROWS
    check_dialect(writing, table.description)
    expected = (writing.encoding == "cp1252") + (not writing.header)
    assert (len(table.description.warnings), table.description.rejected.count) == (expected, 0)


def check_dialect(writing: Writing, description: TableDescription) -> None:
    found = description.dialect
    assert (found.delimiter, found.decimal, found.header) == (writing.delimiter, writing.decimal, writing.header)
    assert (found.quote == "'") == (writing.quoting == "single")
    assert (found.encoding, found.first_line) == (writing.encoding, 1)


@pytest.mark.parametrize("start", range(7))
def test_a_clean_file_comes_back_exactly(start: int) -> None:
    for writing in WRITINGS[start::49]:
        check(writing)


TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from(",;\"'\r\n\t "), max_size=12)
TABLES = st.integers(2, 4).flatmap(lambda width: st.lists(st.lists(TEXT, min_size=width, max_size=width), min_size=1))


@unhurried
@given(TABLES, st.sampled_from(",;\t|"), st.sampled_from(["utf-8", "utf-16"]))
def test_any_table_of_texts_comes_back_but_for_the_blanks_around_them(
    rows: list[list[str]], delimiter: str, encoding: str
) -> None:
    rows = [[f"x{cell}" for cell in row] for row in rows]  # no number, no date, not missing
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows([[f"n{at}" for at in range(len(rows[0]))], *rows])
    known = Dialect(encoding=encoding, delimiter=delimiter, quote='"', header=True)
    table = read(text.getvalue().encode(encoding), dialect=known)
    assert table.rows == [tuple(cell.strip(BLANKS) for cell in row) for row in rows]
    assert table.description.rejected.count == 0


@pytest.mark.slow
@pytest.mark.parametrize("start", range(12))
def test_a_clean_file_in_every_writing_comes_back_exactly(start: int) -> None:
    for writing in WRITINGS[start::12]:
        check(writing)
