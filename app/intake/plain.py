"""The fast way for blocks of lines that need no judge, because there is only one way to cut them.

A block is plain if it has no quote mark and each of its lines has as many delimiters as the table needs: then
every delimiter and every line end means itself. The engine reads such blocks at several times the speed of the
judge, and the tests hold that both give the same cells. Every other block goes to the judge.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from app.intake.cells import BLANKS
from app.intake.grammar import Grammar


@dataclass(frozen=True)
class Plain:
    """Rows of text, one a physical line from `line` on; its columns are named "0", "1" and so on."""

    line: int
    size: int  # characters
    cells: pl.DataFrame


@dataclass(frozen=True)
class PlainCutter:
    """Cuts plain blocks of one table, whose rows begin at physical line `first_row`."""

    grammar: Grammar
    width: int
    first_row: int
    cell_characters: int

    def cut(self, block: Sequence[str], line: int) -> Plain | None:
        """The rows of a block that begins at physical line `line`; None if the block is not plain."""
        if line < self.first_row or self.width == 1 or not self._is_plain(block):
            return None
        text = "".join(block).replace("\r\n", "\n")
        if "\r" in text or text.startswith("\ufeff") or (self.grammar.quote and self.grammar.quote in text):
            return None
        cells = self._read(text)
        return Plain(line, len(text), cells) if cells.shape == (len(block), self.width) else None

    def _is_plain(self, block: Sequence[str]) -> bool:
        delimiter, needed = self.grammar.delimiter, self.width - 1
        if any(line.count(delimiter) != needed for line in block):
            return False
        if any(not line.strip(delimiter + BLANKS) for line in block if line[0] in delimiter + BLANKS):
            return False  # a row without any value
        return len(max(block, key=len)) <= self.cell_characters

    def _read(self, text: str) -> pl.DataFrame:
        return pl.read_csv(
            text.encode(),
            has_header=False,
            new_columns=[str(number) for number in range(self.width)],
            separator=self.grammar.delimiter,
            quote_char=None,
            infer_schema=False,
            empty_string_is_null=False,
        )
