"""The strict judge: lines of text become records, and every fault of a record is named.

The standard library's csv reader cuts the cells. It lets two things pass that this file does not: a quote mark
inside an unquoted cell, and a quote that is opened on a bad line and swallows the good lines after it.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from app.intake.grammar import Grammar
from app.intake.limits import PUBLISHED, Limits
from app.intake.plain import Plain, PlainCutter
from app.intake.refusal import Refused
from app.intake.tape import Tape

NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\udc80-\udcff]")
STRAY = "A quote mark stands inside a cell. Put the cell in quotes and double the mark."
OPEN = "A quote mark opens a cell that is not closed as it should be. Close it, or double the marks inside."
UNREADABLE = "The line holds bytes or control characters that are no text. Write it again."


class Record(NamedTuple):
    """The cells of one record, or the fault for which it is rejected. A blank line is a record without cells."""

    line: int  # the physical line on which it starts, from 1
    lines: int  # how many physical lines it takes
    size: int  # characters
    cells: list[str]
    fault: str | None = None


def records(
    lines: Iterable[str], grammar: Grammar, limits: Limits = PUBLISHED, *, suspect: bool = False
) -> Iterator[Record]:
    """Cut lines into records.

    A record that breaks off is rejected with its first line only, and reading goes on with the next line.
    `suspect` has every line searched for characters that are no text. Raises Refused for a cell that is too large.
    """
    tape = Tape([list(lines)])
    judge = _Judge(tape, grammar, limits, suspect)
    while record := judge.next_record():
        yield record


def cut(
    blocks: Iterable[list[str]], grammar: Grammar, limits: Limits, *, plain: PlainCutter, suspect: bool
) -> Iterator[Record | Plain]:
    """Cut a whole file. A block of lines that needs no judge goes through at once, as one Plain."""
    tape = Tape(blocks)
    judge = _Judge(tape, grammar, limits, suspect)
    while True:
        if not suspect and (block := tape.next_block()):
            if found := plain.cut(block, tape.line):
                tape.line += len(block)
                yield found
                continue
            tape.put_back(block)
        record = judge.next_record()
        if not record:
            return
        yield record


class _Judge:
    def __init__(self, tape: Tape, grammar: Grammar, limits: Limits, suspect: bool) -> None:
        self._tape = tape
        self._grammar = grammar
        self._reader = grammar.reader(tape)
        self._regular = grammar.record() if grammar.quote else None
        self._most = limits.cell_characters
        self._suspect = suspect

    def next_record(self) -> Record | None:
        """The next record, None at the end."""
        tape = self._tape
        try:
            cells, broken = next(self._reader), False
        except StopIteration:
            return None
        except csv.Error:
            cells, broken = [], True
            tape.keep_first()
            self._reader = self._grammar.reader(tape)
        record = self._judged("".join(tape.held), cells, broken)
        tape.let_go()
        return record

    def _judged(self, raw: str, cells: list[str], broken: bool) -> Record:
        if len(raw) > self._most:
            self._refuse_large_cell(cells or raw.split(self._grammar.delimiter))
        if raw.isspace() and self._grammar.delimiter not in raw:
            cells = []
        return Record(self._tape.line, len(self._tape.held), len(raw), cells, self._fault(raw, cells, broken))

    def _fault(self, raw: str, cells: list[str], broken: bool) -> str | None:
        if self._suspect and NOT_TEXT.search(raw):
            return UNREADABLE
        if broken:
            return OPEN
        if self._regular and self._grammar.quote in raw and self._is_stray(self._regular, raw, cells):
            return STRAY
        return None

    def _is_stray(self, regular: re.Pattern[str], raw: str, cells: list[str]) -> bool:
        """A quote mark that opened nothing stays in its cell's text, so only such records get the slow look."""
        return self._grammar.quote in "".join(cells) and not regular.fullmatch(raw)

    def _refuse_large_cell(self, cells: list[str]) -> None:
        if any(len(cell) > self._most for cell in cells):
            reason = f"Line {self._tape.line:,} holds a cell of more than {self._most:,} characters."
            raise Refused(reason, "Shorten it, or check that each quote mark is closed.", self._tape.line)
