"""Where the table begins in a file, how wide it is, and what its columns are called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.intake.cells import BLANKS
from app.intake.dialect import Dialect
from app.intake.header import is_header
from app.intake.judge import Record
from app.intake.limits import Limits
from app.intake.names import column_names, number_columns
from app.intake.refusal import Refused

NO_NAMES = "The file has no line of names, so the columns are called Column 1, Column 2 and so on."


@dataclass(frozen=True)
class Layout:
    """A table inside its file: `first_line` is the physical line of the header, or of the first row if none."""

    width: int
    first_line: int
    header: bool
    names: tuple[str, ...]
    warnings: tuple[str, ...] = ()

    @property
    def first_row(self) -> int:
        """The physical line from which on rows may stand; a header may take several lines."""
        return self.first_line + self.header


def find_layout(sample: Sequence[Record], width: int, wish: Dialect, limits: Limits) -> Layout:
    """Look at the first records of a file. Raises Refused where none is a row of the table."""
    records = [record for record in sample if record.fault or (_filled(record) and not _names_delimiter(record))]
    table = _table(records, width, wish.first_line)
    if not table:
        raise Refused("No line of the file is a row of a table.", "Check the delimiter and the quote mark.")
    if width > limits.columns:
        reason = f"The table has {width:,} columns; at most {limits.columns:,} can be read."
        raise Refused(reason, "Leave out columns that you do not need.", table[0].line)
    before = [record for record in records if record.line < table[0].line]
    header, doubts = _has_header(table, before, width, wish)
    names, changes = number_columns(width), [NO_NAMES]
    if header:
        names, changes = column_names(_padded(table[0].cells, width), table[0].line, limits)
    warnings = (*_left_out(before), *doubts, *changes)
    return Layout(width, table[0].line, header, names, warnings)


def _table(records: Sequence[Record], width: int, first_line: int | None) -> list[Record]:
    """The records from the first row on: whole, and at least half filled, which a title in one cell is not."""
    if first_line:
        return [record for record in records if record.line >= first_line]
    for needed in (width / 2, 0):
        for at, record in enumerate(records):
            if _is_whole(record, width) and _filled(record) >= needed:
                return list(records[at - 1 if _names_short_of_one(records, at, width) else at :])
    return []


def _is_whole(record: Record, width: int) -> bool:
    return len(record.cells) == width and not record.fault


def _names_delimiter(record: Record) -> bool:
    """Excel's own first line, such as "sep=;"."""
    return record.line == 1 and record.cells[0].lower() == "sep=" and _filled(record) == 1


def _filled(record: Record) -> int:
    return sum(bool(cell.strip(BLANKS)) for cell in record.cells)


def _names_short_of_one(records: Sequence[Record], at: int, width: int) -> bool:
    """True if each row ends with a delimiter too many, and the header above it does not."""
    if at == 0 or width < 3 or len(records[at - 1].cells) != width - 1 or records[at - 1].fault:
        return False
    last = [record.cells[-1].strip(BLANKS) for record in records[at:] if _is_whole(record, width)]
    return not any(last) and _filled(records[at - 1]) == width - 1


def _padded(cells: list[str], width: int) -> list[str]:
    return cells + [""] * (width - len(cells))


def _has_header(table: Sequence[Record], before: Sequence[Record], width: int, wish: Dialect) -> tuple[bool, list[str]]:
    """Whether the first row names the columns, and a sentence where that is in doubt."""
    first = table[0]
    if wish.header is not None:
        return wish.header, []
    rows = [record.cells for record in table[1:] if _is_whole(record, width)]
    verdict = is_header(_padded(first.cells, width), rows)
    if verdict.certain and verdict.header:
        return True, []
    if before and _may_be_damaged_header(before[-1], first, width):
        return False, [f"Line {before[-1].line:,} may hold the names of the columns, but is damaged."]
    if verdict.header:
        return True, [f"Line {first.line:,} is taken for the names of the columns; only its words tell."]
    return False, []


def _may_be_damaged_header(above: Record, first: Record, width: int) -> bool:
    adjacent = above.line + above.lines == first.line
    return adjacent and (above.fault is not None or abs(len(above.cells) - width) == 1)


def _left_out(before: Sequence[Record]) -> list[str]:
    if not before:
        return []
    if len(before) == 1:
        return [f"Line {before[0].line:,} stands before the table and is left out."]
    return [f"Lines {before[0].line:,} to {before[-1].line:,} stand before the table and are left out."]
