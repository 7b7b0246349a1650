"""Which column a person probably wants to predict."""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.intake.description import ColumnDescription

NAMES = ("target", "label", "y", "outcome", "response", "class", "price", "cost")  # the first that occurs wins
CAN_BE_TARGET = ("number", "boolean", "category")


def guess_target(columns: Sequence[ColumnDescription]) -> str | None:
    """The column with the most telling name (a whole word of it counts), or else the last column of numbers."""
    able = [column for column in columns if column.type in CAN_BE_TARGET and column.distinct > 1]
    for name in NAMES:
        for column in reversed(able):
            if name in re.findall("[a-z]+", column.name.lower()):
                return column.name
    numbers = [column.name for column in able if column.type != "category"]
    return numbers[-1] if numbers else None
