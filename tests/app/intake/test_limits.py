"""Each published limit: what is at the limit passes, what is past it is refused with the limit and a cure."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from app.intake import Limits, Refused
from app.intake.limits import PUBLISHED
from tests.app.intake.support import read

FILE = "a,b\n1,xx\n2,xx\n3,xx\n"
AT = {
    "file_bytes": (len(FILE), "larger than 0 MB", None),
    "rows": (3, "more than 2 rows", 4),
    "columns": (2, "has 2 columns; at most 1", 1),
    "cells": (6, "more than 5 cells", 4),
    "cell_characters": (2, "Line 2 holds a cell of more than 1 characters", 2),
    "line_bytes": (4, "Line 2 has more than 3 bytes", 2),
    "name_characters": (1, "Line 1 names a column with more than 0 characters", 1),
}


def test_every_limit_has_its_test() -> None:
    assert set(AT) == {field.name for field in fields(Limits)}


@pytest.mark.parametrize("name", AT)
def test_what_is_at_a_limit_passes_and_what_is_past_it_is_refused(name: str) -> None:
    most, says, line = AT[name]
    assert read(FILE, limits=replace(PUBLISHED, **{name: most})).description.rows == 3
    with pytest.raises(Refused) as refused:
        read(FILE, limits=replace(PUBLISHED, **{name: most - 1}))
    assert says in refused.value.reason
    assert refused.value.line == line


def test_the_published_limits_hold_at_their_size() -> None:
    assert (
        Limits(
            file_bytes=268_435_456,
            rows=2_000_000,
            columns=2_000,
            cells=100_000_000,
            cell_characters=65_536,
            line_bytes=4_194_304,
            name_characters=200,
        )
        == PUBLISHED
    )


@pytest.mark.slow
def test_a_table_may_have_two_thousand_columns() -> None:
    names = ",".join(f"c{number}" for number in range(2_000))
    table = read(f"{names}\n{names.replace('c', '')}\n{names.replace('c', '-')}\n")
    assert len(table.names) == 2_000
    with pytest.raises(Refused, match="2,001 columns"):
        read(f"{names},x\n{names.replace('c', '')},1\n")


@pytest.mark.parametrize("quote", ["", '"'])
def test_a_large_cell_passes_up_to_the_limit(quote: str) -> None:
    table = read(f"a,b\n1,{quote}{'x' * 65_536}{quote}\n2,y\n")
    assert table.columns["b"] == ["x" * 65_536, "y"]
    with pytest.raises(Refused, match="Line 2 holds a cell of more than 65,536 characters"):
        read(f"a,b\n1,{quote}{'x' * 65_537}{quote}\n2,y\n")


def test_the_first_row_too_many_is_named_also_inside_a_large_block() -> None:
    with pytest.raises(Refused) as refused:
        read("a,b\n" + "1,2\n" * 400_000, limits=replace(PUBLISHED, rows=300_000))
    assert refused.value.line == 300_002


def test_a_line_without_end_is_refused() -> None:
    with pytest.raises(Refused, match="Line 3 has more than 4,194,304 bytes"):
        read("a,b\n1,2\n" + "1," * 2_200_000 + "\n3,4\n")


def test_a_quote_that_swallows_more_than_a_cell_may_hold_costs_one_line() -> None:
    table = read('a,b\n1,"x\n' + "2,y\n" * 40_000)
    assert (table.description.rows, table.rejected_lines) == (40_000, [2])
