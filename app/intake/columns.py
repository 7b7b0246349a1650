"""A column before and after it has a type."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from app.intake.categories import Categories
from app.intake.cells import trim

Floats = npt.NDArray[np.float64]
Values = Floats | npt.NDArray[np.int32]

LONGEST_QUOTE = 40
NAMED = 3  # odd values that a sentence names


@dataclass(frozen=True)
class Cells:
    """A column as it came: its name, the text of each cell, and the physical line of each."""

    name: str
    texts: pl.Series
    lines: npt.NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.texts)

    def quote(self, row: int) -> str:
        """A cell as a sentence names it."""
        text = str(trim(self.texts.slice(row, 1))[0])
        text = text if len(text) <= LONGEST_QUOTE else text[: LONGEST_QUOTE - 1] + "…"
        return f"'{text}' on line {self.lines[row]:,}"

    def quote_some(self, rows: npt.NDArray[np.intp]) -> str:
        """The first few of some cells, and how many more there are."""
        named = ", ".join(self.quote(int(row)) for row in rows[:NAMED])
        return f"{named} and {len(rows) - NAMED:,} more" if len(rows) > NAMED else named


@dataclass(frozen=True)
class Typed:
    """A column in its type: "number", "boolean", "date", "category" or "text".

    `values` is float64 (dates as days since 1970-01-01, booleans as 0 and 1, NaN where missing), or int32 codes
    into `categories` for a category or text. `notes` describe the column, `warnings` say what may be wrong with
    it, `thousands` is the mark between thousands that some number had.
    """

    type: str
    values: Values
    categories: Categories | None = None
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    thousands: str = ""


@dataclass(frozen=True)
class NoNumber:
    """Why a column that looks like numbers is read as text; `doubtful` if a person may want it otherwise."""

    why: str
    doubtful: bool


@dataclass(frozen=True)
class Reading:
    """An attempt at a type: the values, NaN where there is none, and the rows whose cells do not fit it."""

    values: Floats
    odd: npt.NDArray[np.intp]

    @property
    def found(self) -> int:
        return int(np.count_nonzero(~np.isnan(self.values)))

    def fits(self, odd_share: float) -> bool:
        return self.found > 0 and len(self.odd) <= odd_share * (self.found + len(self.odd))

    def odd_ones(self, cells: Cells, what: str) -> str:
        """The sentence that names the cells which do not fit."""
        total = self.found + len(self.odd)
        some = cells.quote_some(self.odd)
        return f"{len(self.odd):,} of {total:,} values are not {what} and count as missing: {some}."
