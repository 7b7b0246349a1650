"""The strict pass over a whole file: rows of the table go through, every other line is named with its reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from app.intake.cells import BLANKS
from app.intake.description import Rejected, Rejection
from app.intake.judge import Record
from app.intake.layout import Layout
from app.intake.limits import Limits
from app.intake.plain import Plain
from app.intake.refusal import Refused
from app.intake.spill import Spill

MOST_LISTED = 100
MOST_REJECTED = 0.2  # of all lines; beyond that the dialect is probably wrong
ALWAYS_ALLOWED = 2  # rejected lines beside at least as many rows, however few lines there are


def sift(found: Iterable[Record | Plain], layout: Layout, limits: Limits, spill: Spill) -> Sieve:
    """Send the rows into the spill and give account of the rest.

    Raises Refused where a limit is passed, or where too much of the file is no row.
    """
    sieve = Sieve(layout)
    for each in found:
        if isinstance(each, Plain):
            spill.add_plain(each)
        elif sieve.lets_through(each):
            spill.add(each)
        _refuse_too_many(spill, layout.width, limits)
    sieve.refuse_useless(spill.rows)
    return sieve


@dataclass
class Sieve:
    """Counts and lists what is no row of the table."""

    layout: Layout
    rejected: int = 0
    first: list[Rejection] = field(default_factory=list)
    empty: int = 0
    first_empty: int = 0

    def lets_through(self, record: Record) -> bool:
        """True for a row; anything else below the header is counted."""
        if record.line < self.layout.first_row:
            return False
        if not record.fault and not "".join(record.cells).strip(BLANKS):
            self._count_empty(record)
            return False
        fault = record.fault or self._wrong_width(record)
        if fault:
            self._reject(record.line, fault)
        return not fault

    def rejections(self) -> Rejected:
        return Rejected(self.rejected, tuple(self.first))

    def warnings(self) -> list[str]:
        if not self.empty:
            return []
        lines = "line holds" if self.empty == 1 else "lines hold"
        return [f"{self.empty:,} {lines} no value and were skipped, first line {self.first_empty:,}."]

    def refuse_useless(self, rows: int) -> None:
        total = self.rejected + rows
        if self.rejected > max(MOST_REJECTED * total, min(ALWAYS_ALLOWED, rows)):
            some = " ".join(rejection.reason for rejection in self.first[:3])
            reason = f"{self.rejected:,} of {total:,} lines do not fit the table. {some}"
            raise Refused(reason, "The delimiter or the quote mark may be another one.", self.first[0].line)
        if not rows:
            below = " below the names of its columns" if self.layout.header else ""
            reason = f"The file holds no rows{below}."
            raise Refused(reason, "Use a file with at least one row.", self.layout.first_line)

    def _count_empty(self, record: Record) -> None:
        """Blank lines go without a word, but for a table of one column, where one may be a missing value."""
        if record.cells or self.layout.width == 1:
            self.first_empty = self.first_empty or record.line
            self.empty += 1

    def _wrong_width(self, record: Record) -> str | None:
        count, width = len(record.cells), self.layout.width
        if count == width:
            return None
        measure = "header" if self.layout.header else "table"
        has = f"Line {record.line:,} has {count:,} cell{'s' * (count != 1)}; the {measure} has {width:,}."
        return f"{has} {_cure(record, width)}"

    def _reject(self, line: int, fault: str) -> None:
        self.rejected += 1
        if len(self.first) < MOST_LISTED:
            self.first.append(Rejection(line, fault))


def _refuse_too_many(spill: Spill, width: int, limits: Limits) -> None:
    most = min(limits.rows, limits.cells // width)
    if spill.rows > most:
        what = f"{limits.rows:,} rows" if most == limits.rows else f"{limits.cells:,} cells"
        line = spill.line_of(most)
        raise Refused(f"The table has more than {what}.", "Use a part or a sample of it.", line)


def _cure(record: Record, width: int) -> str:
    if len(record.cells) > width:
        return "Check for an extra delimiter."
    if len(record.cells) > 1:
        return "Check for a missing delimiter or a line break inside a cell."
    above, below = record.line - 1, record.line + record.lines
    return f"If it was broken off line {above:,} or line {below:,}, that line is cut short, too."
