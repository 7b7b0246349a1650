"""The judge: what csv.writer wrote comes back exactly, and each fault is named with the line on which it stands."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.intake import Limits, Refused
from app.intake.grammar import Grammar
from app.intake.judge import OPEN, STRAY, UNREADABLE, cut, records
from app.intake.plain import Plain, PlainCutter
from app.intake.tape import Tape
from tests.app.intake.support import unhurried

CELL = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
HARD_CELL = st.text(st.sampled_from("ab,;\"'\r\n \t1\ufeff\x85\u2028"), max_size=6)
TABLES = st.lists(st.lists(CELL | HARD_CELL, min_size=2, max_size=4), max_size=6)
LIMITS = Limits()


def written(rows: list[list[str]], *, every: bool) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL if every else csv.QUOTE_MINIMAL).writerows(rows)
    return text.getvalue()


def lines(text: str) -> list[str]:
    return list(io.StringIO(text, newline=""))


def judged(text: str) -> list[tuple[int, list[str], str | None]]:
    return [(record.line, record.cells, record.fault) for record in records(lines(text), Grammar(","))]


@unhurried
@given(TABLES)
def test_any_table_in_quotes_comes_back_exactly(rows: list[list[str]]) -> None:
    assert [(cells, fault) for _, cells, fault in judged(written(rows, every=True))] == [(row, None) for row in rows]


@unhurried
@given(TABLES)
def test_any_table_with_few_quotes_comes_back_but_for_blanks_before_cells(rows: list[list[str]]) -> None:
    found = [([cell.lstrip(" ") for cell in cells], fault) for _, cells, fault in judged(written(rows, every=False))]
    assert found == [([cell.lstrip(" ") for cell in row], None) for row in rows]


@unhurried
@given(TABLES)
def test_lines_are_numbered_as_an_editor_does(rows: list[list[str]]) -> None:
    text, expected = "", []
    for row in rows:
        expected.append(len(lines(text)) + 1)
        text += written([row], every=True)
    assert [line for line, _, _ in judged(text)] == expected


@unhurried
@given(st.lists(st.text(st.sampled_from('ab,"'), max_size=6), max_size=12))
def test_each_line_is_a_record_or_part_of_one(given_lines: list[str]) -> None:
    found = list(records([line + "\n" for line in given_lines], Grammar(",")))
    assert [record.line for record in found] == [1 + sum(each.lines for each in found[:at]) for at in range(len(found))]
    assert sum(record.lines for record in found) == len(given_lines)


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ('a,b"c\n1,2\n', {1: STRAY}),
        ('a,b""c\n1,2\n', {1: STRAY}),
        ('1,2\n"a,b\n3,4\n', {2: OPEN}),
        ('"a,b\n3,"4"\n5,6\n', {1: OPEN}),
        ('"a"b,c\n1,2\n', {1: OPEN}),
        ('"a" ,c\n1,2\n', {1: OPEN}),
        ('1,2\n3,"', {2: OPEN}),
        ('"a\nb",1\n2,"c\n', {3: OPEN}),
    ],
)
def test_a_fault_costs_its_own_line_only(text: str, faults: dict[int, str]) -> None:
    found = judged(text)
    assert {line: fault for line, _, fault in found if fault} == faults
    assert len([cells for _, cells, fault in found if not fault]) >= 1


def test_what_is_no_text_is_a_fault_where_it_is_looked_for() -> None:
    found = records(["1,2\n", "3,\x074\n", "5,\udcff\n"], Grammar(","), suspect=True)
    assert [record.fault for record in found] == [None, UNREADABLE, UNREADABLE]


def test_quotes_that_are_never_closed_are_not_read_again_without_end() -> None:
    tape = Tape([["a\n", "b\n", "c\n"]], spare=3)
    next(tape), next(tape), next(tape)
    with pytest.raises(Refused, match="Up to line 1 too many quote marks are opened"):
        tape.keep_first()


def pieces(text: str, size: int) -> list[list[str]]:
    whole = lines(text)
    return [whole[start : start + size] for start in range(0, len(whole), size)]


def cells_of(text: str, size: int, width: int) -> tuple[list[tuple[int, list[str]]], int]:
    """The rows with their lines when the text comes in blocks of some lines, and how many blocks went the fast way."""
    cutter = PlainCutter(Grammar(","), width, 1, LIMITS.cell_characters)
    rows: list[tuple[int, list[str]]] = []
    fast = 0
    for found in cut(pieces(text, size), Grammar(","), LIMITS, plain=cutter, suspect=False):
        if isinstance(found, Plain):
            fast += 1
            rows += [(found.line + at, list(row)) for at, row in enumerate(found.cells.iter_rows())]
        elif not found.fault and len(found.cells) == width and "".join(found.cells).strip():
            rows.append((found.line, found.cells))
    return rows, fast


def without_blanks(rows: list[tuple[int, list[str]]]) -> list[tuple[int, list[str]]]:
    """Cells without the blanks before them, which do not count, and no rows of nothing else."""
    return [(line, [cell.lstrip(" ") for cell in cells]) for line, cells in rows if "".join(cells).strip()]


PLAIN_ROWS = st.lists(st.lists(st.text(st.sampled_from("ab1. é\ufeff'-"), max_size=4), min_size=3, max_size=3))


@unhurried
@given(PLAIN_ROWS, st.sampled_from(["\n", "\r\n"]), st.integers(1, 4))
def test_plain_blocks_are_read_as_the_judge_reads_them(rows: list[list[str]], end: str, size: int) -> None:
    text = "".join(",".join(row) + end for row in rows)
    expected = [(record.line, record.cells) for record in records(lines(text), Grammar(","))]
    found, _ = cells_of(text, size, width=3)
    assert without_blanks(found) == without_blanks(expected)


@unhurried
@given(st.lists(st.text(st.sampled_from('ab,," \n\r\ufeff'), max_size=8), max_size=12), st.integers(1, 4))
def test_blocks_of_any_lines_are_read_as_the_judge_reads_them(given_lines: list[str], size: int) -> None:
    text = "".join(line + "\n" for line in given_lines)
    judged_alone = [record for record in records(lines(text), Grammar(",")) if not record.fault]
    expected = [(record.line, record.cells) for record in judged_alone if len(record.cells) == 3]
    found, _ = cells_of(text, size, width=3)
    assert without_blanks(found) == without_blanks(expected)


def test_plain_blocks_do_go_the_fast_way() -> None:
    rows, fast = cells_of("1,2\n3,4\n5,6\n7,8\n", 2, width=2)
    assert (rows[-1], fast) == ((4, ["7", "8"]), 2)


@pytest.mark.parametrize("line", ['"1",2\n', "1\n", "1,2,3\n", ",\n", " ,\n", "\n", "1,2\r", "\ufeff1,2\n"])
def test_a_block_with_anything_to_judge_is_left_to_the_judge(line: str) -> None:
    assert PlainCutter(Grammar(","), 2, 1, LIMITS.cell_characters).cut([line], 1) is None
