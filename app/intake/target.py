"""Which column a person probably wants to predict, and which ones only number the rows."""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.intake.description import ColumnDescription
from app.intake.figures import MOST_DISTINCT

NAMES = ("target", "label", "y", "outcome", "response", "class", "price", "cost")  # the first that occurs wins
CAN_BE_TARGET = ("number", "boolean", "category")
IDENTIFIERS = ("id", "index", "key", "row")
NAMELESS = re.compile(r"Column \d+|Unnamed: \d+|rownames")  # what a column of row numbers is called that has no name
FEW = 50  # steps of a scale, so that a mark from 1 to 10 is not taken for a number that things go by


def guess_target(columns: Sequence[ColumnDescription]) -> str | None:
    """The column with the most telling name (a whole word of it counts), or else the last column of numbers.

    Of those, one by which rows or other things are told apart is taken only where there is no other.
    """
    able = [column for column in columns if column.type in CAN_BE_TARGET and column.distinct > 1]
    for name in NAMES:
        for column in reversed(able):
            if name in _words(column.name):
                return column.name
    numbers = [column for column in able if column.type != "category"]
    telling = [column for column in numbers if not _identifies(column)]
    return next((column.name for column in reversed(telling or numbers)), None)


def row_numbers(columns: Sequence[ColumnDescription], rows: int) -> tuple[str, ...]:
    """The columns that number the rows one by one and are called so, or have no name: who learns by them is misled."""
    return tuple(
        column.name
        for column in columns
        if column.type == "number"
        and column.minimum is not None
        and column.maximum == column.minimum + rows - 1
        and column.distinct == min(rows, MOST_DISTINCT)
        and (NAMELESS.fullmatch(column.name) or _is_identifier(column.name))
    )


def _words(name: str) -> list[str]:
    return re.findall("[a-z]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower())


def _identifies(column: ColumnDescription) -> bool:
    """Whether it is called an identifier, or counts from 0 or 1 without leaving a number out."""
    if column.minimum is None or column.maximum is None:
        return False
    counts = column.minimum in (0, 1) and column.maximum - column.minimum + 1 == column.distinct > FEW
    return counts or _is_identifier(column.name)


def _is_identifier(name: str) -> bool:
    return any(word in IDENTIFIERS for word in _words(name))
