"""Whether a file writes decimals with a point or with a comma: the columns that can only be one of them decide.

`1.5` is a number only with a decimal point, `1,5` only with a decimal comma; `1.234` and `12` fit both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
import polars as pl

from app.intake import numbers
from app.intake.dialect import Dialect
from app.intake.numbers import BLOCK, COMMA, POINT, Style

ODD_SHARE = 0.02  # of the values of a column may be odd ones
DECIMAL_BESIDE = {",": ".", ".": ","}  # a comma between thousands leaves the point for decimals


class Leaning(Enum):
    """What the numbers of one column say about the decimal mark."""

    POINT = "only a decimal point fits"
    COMMA = "only a decimal comma fits"
    EITHER_POINTS = "1.234 and the like: both fit, and mean different numbers"
    EITHER_COMMAS = "1,234 and the like: both fit, and mean different numbers"
    NEITHER = "no marks that matter, or no numbers"


@dataclass(frozen=True)
class FileMark:
    """The file's number style: `certain` if some column shows it, `chosen` if a person did."""

    style: Style
    delimiter: str
    certain: bool = False
    chosen: bool = False

    def for_column(self, column: Leaning) -> Style:
        """A column that fits one mark only is read by that one, any other as the file."""
        if self.chosen:
            return self.style
        if column is Leaning.POINT or (column is Leaning.EITHER_POINTS and not self.certain):
            return POINT
        return COMMA if column is Leaning.COMMA else self.style

    def doubt(self, column: Leaning) -> str | None:
        """The sentence for a column that could be read in two ways, or that is unlike the file."""
        decimal = self.for_column(column).decimal
        if self.chosen:
            return None
        if self.certain:
            unlike = column in (Leaning.POINT, Leaning.COMMA) and decimal != self.style.decimal
            return f"Its decimal mark is '{decimal}', unlike that of other columns." if unlike else None
        if column is Leaning.EITHER_POINTS:
            return "Numbers such as 1.234 could be thousands; the point is read as the decimal mark."
        if column is Leaning.EITHER_COMMAS and self.delimiter != ",":
            role = "the decimal mark" if decimal == "," else "a mark between thousands"
            return f"Numbers such as 1,234 are ambiguous; the comma is read as {role}."
        return None


def find_mark(columns: Sequence[Leaning], delimiter: str, wish: Dialect) -> FileMark:
    """The mark that a person chose, or that most columns show, or that goes with the delimiter by custom."""
    if decimal := wish.decimal or DECIMAL_BESIDE.get(wish.thousands or ""):
        return FileMark(_style(decimal, wish), delimiter, certain=True, chosen=True)
    points, commas = columns.count(Leaning.POINT), columns.count(Leaning.COMMA)
    if points or commas:
        return FileMark(COMMA if commas > points else POINT, delimiter, certain=True)
    return FileMark(COMMA if delimiter == ";" and Leaning.EITHER_COMMAS in columns else POINT, delimiter)


def _style(decimal: str, wish: Dialect) -> Style:
    usual = COMMA if decimal == "," else POINT
    return usual if wish.thousands is None else Style(decimal, wish.thousands)


def leaning(cells: pl.Series) -> Leaning:
    """Look at all cells of a column."""
    point, comma = fits(cells, POINT), fits(cells, COMMA)
    if point and comma:
        return _either(cells)
    return Leaning.POINT if point else Leaning.COMMA if comma else Leaning.NEITHER


def fits(cells: pl.Series, style: Style) -> bool:
    """True if the column holds numbers in this style, but for few odd values. Looks no further than it must."""
    odd = found = 0
    for start in range(0, len(cells), BLOCK):
        block = numbers.read(cells.slice(start, BLOCK), style)
        found += int(np.count_nonzero(~np.isnan(block.values)))
        odd += len(block.odd)
        if odd > ODD_SHARE * len(cells):
            return False
    return found > 0 and odd <= ODD_SHARE * (found + odd)


def _either(cells: pl.Series) -> Leaning:
    marked = cells.filter(cells.str.contains("[.,]"))
    point, comma = (numbers.read(marked, style).values for style in (POINT, COMMA))
    if not np.any(point != comma, where=~(np.isnan(point) | np.isnan(comma))):
        return Leaning.NEITHER
    return Leaning.EITHER_COMMAS if marked.str.contains(",", literal=True).any() else Leaning.EITHER_POINTS
