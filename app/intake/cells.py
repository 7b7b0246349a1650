"""What all columns share about a cell: the blanks around it that do not count, and the spellings of "missing"."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

BLANKS = " \t\n\r\u00a0\u2007\u2009\u200b\u202f\ufeff"
MISSING = ("", "na", "n/a", "null", "nan", "none", "-", "?", "missing", "#n/a", "nil")
LONGEST = max(map(len, MISSING))


def trim(texts: pl.Series) -> pl.Series:
    """The texts without the blanks around them."""
    return texts.str.strip_chars(BLANKS)


def missing(texts: pl.Series) -> pl.Series:
    """True where a cell says that its value is missing, whatever the case of its letters."""
    cell = pl.col("cell").str.strip_chars(BLANKS)
    short = pl.when(cell.str.len_bytes() <= LONGEST).then(cell)  # the others need no copy in small letters
    told = short.str.to_lowercase().is_in(MISSING).fill_null(False)
    return texts.to_frame("cell").select(told)["cell"]


def unread(texts: pl.Series, values: npt.NDArray[np.float64]) -> npt.NDArray[np.intp]:
    """The rows whose cell is not empty and has no value: `values` is NaN there."""
    return np.flatnonzero(np.isnan(values) & (texts != "").to_numpy())


def misfits(texts: pl.Series, values: npt.NDArray[np.float64]) -> npt.NDArray[np.intp]:
    """The rows whose cell says something that is no value, and not that it is missing."""
    rows = unread(texts, values)
    if not len(rows):
        return rows
    told = missing(texts.gather(rows)).to_numpy()
    return np.delete(rows, np.flatnonzero(told))
