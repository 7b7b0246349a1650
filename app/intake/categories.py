"""The different texts of a column, numbered in order of frequency and then of name."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from app.intake.cells import BLANKS, missing, trim

MISSING_CODE = -1


@dataclass(frozen=True)
class Categories:
    """`codes` index into `texts`, -1 where the cell is missing; `counts` says how often each text occurs."""

    codes: npt.NDArray[np.int32]
    texts: pl.Series
    counts: npt.NDArray[np.int64]

    def spread(self, by_code: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """One number for each text, given to every row of that text; NaN where the cell is missing."""
        return np.append(by_code, np.nan)[self.codes]


def number_texts(cells: pl.Series) -> Categories:
    """Give each different text of a column its number."""
    texts = _trimmed(cells).rename("text")
    known = texts.value_counts(name="count")  # copies no text, as grouping would
    known = known.filter(~missing(known["text"])).sort("count", "text", descending=[True, False])
    codes = texts.to_frame().join(known.with_row_index("code"), on="text", how="left", maintain_order="left")["code"]
    return Categories(
        codes=codes.cast(pl.Int32).fill_null(MISSING_CODE).to_numpy(),
        texts=known["text"],
        counts=known["count"].cast(pl.Int64).to_numpy(),
    )


def _trimmed(cells: pl.Series) -> pl.Series:
    """The cells themselves where nothing is to be trimmed: they may be most of the file."""
    return trim(cells) if cells.str.contains(f"^[{BLANKS}]|[{BLANKS}]$").any() else cells
