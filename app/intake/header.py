"""Whether the first line of a table names its columns, told by how it differs from the lines below it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from app.intake import dates, numbers
from app.intake.cells import missing, trim

LOOKED_AT = 200  # rows below the first
MISSING, VALUE, WORD = 0, 1, 2


@dataclass(frozen=True)
class Verdict:
    """`certain` is false where nothing but the look of the words tells."""

    header: bool
    certain: bool = True


def is_header(first: Sequence[str], below: Sequence[Sequence[str]]) -> Verdict:
    """Compare the first row of a table with those below; all rows have the same number of cells."""
    rows = [first, *below[:LOOKED_AT]]
    kinds = _kinds([cell for row in rows for cell in row]).reshape(len(rows), len(first))
    is_word, is_value = kinds == WORD, kinds == VALUE
    usually_values = is_value[1:].sum(axis=0) > is_word[1:].sum(axis=0)
    names, values = int((is_word[0] & usually_values).sum()), int(is_value[0].sum())
    if names or values or not below:
        return Verdict(names > values or not values or _are_years(first, is_value[0].tolist(), below))
    return Verdict(_look_like_names(first, below), certain=False)


def _kinds(cells: Sequence[str]) -> npt.NDArray[np.int64]:
    """For each cell: missing, a value (number or date), or a word."""
    texts = trim(pl.Series(list(cells), dtype=pl.String))
    read = [numbers.read(texts, style).values for style in (numbers.POINT, numbers.COMMA)]
    read += [dates.read(texts, order) for order in dates.ORDERS]
    values = np.any(~np.isnan(read), axis=0)
    return np.where(missing(texts).to_numpy(), MISSING, np.where(values, VALUE, WORD))


def _are_years(first: Sequence[str], is_value: Sequence[bool], below: Sequence[Sequence[str]]) -> bool:
    """Names such as 2019, 2020, 2021: whole numbers in equal steps, unlike the row below them."""
    places = [at for at, value in enumerate(is_value) if value]
    return bool(below) and _in_steps([first[at] for at in places]) and not _in_steps([below[0][at] for at in places])


def _in_steps(cells: Sequence[str]) -> bool:
    if len(cells) < 2 or not all(re.fullmatch("[0-9]{4}", cell.strip()) for cell in cells):
        return False
    years = [int(cell) for cell in cells]
    steps = {later - earlier for earlier, later in itertools.pairwise(years)}
    return len(steps) == 1 and 0 not in steps


def _look_like_names(first: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Most cells filled, none twice, and few of them met again in their own column."""
    filled = [(at, cell.strip()) for at, cell in enumerate(first) if cell.strip()]
    again = sum(any(row[at].strip() == cell for row in below) for at, cell in filled)
    unlike = len({cell for _, cell in filled}) == len(filled)
    return len(filled) * 2 >= len(first) and unlike and again * 3 <= len(filled)
