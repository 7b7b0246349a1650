"""All columns of a table in turn: first the decimal mark that they share, then the type of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from app.intake.column_types import type_column
from app.intake.columns import Cells, Typed
from app.intake.decimal_mark import find_mark, leaning
from app.intake.describe import write_column
from app.intake.description import ColumnDescription
from app.intake.dialect import Dialect
from app.intake.grammar import Grammar
from app.intake.spill import Spill

SIFTED, WEIGHED = 0.6, 0.7  # shares of the work


@dataclass
class TypedColumns:
    """What the columns turned out to be."""

    decimal: str
    thousands: str
    descriptions: list[ColumnDescription] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def add(self, description: ColumnDescription, typed: Typed) -> None:
        self.descriptions.append(description)
        self.thousands = self.thousands or typed.thousands
        self.warnings += [f"Column '{description.name}': {warning}" for warning in typed.warnings]


def type_columns(
    spill: Spill,
    names: Sequence[str],
    *,
    wish: Dialect,
    grammar: Grammar,
    folder: Path,
    progress: Callable[[float], None],
) -> TypedColumns:
    """Type each column by all of its cells, write it into the folder and describe it."""
    leanings = [leaning(texts) for texts in spill.columns()]
    mark = find_mark(leanings, grammar.delimiter, wish)
    progress(WEIGHED)
    lines = spill.lines()
    found = TypedColumns(mark.style.decimal, wish.thousands or "")
    for number, (name, texts, lean) in enumerate(zip(names, spill.columns(), leanings, strict=True)):
        cells = Cells(name, texts, lines)
        typed = _with_doubt(type_column(cells, mark.for_column(lean)), mark.doubt(lean))
        found.add(write_column(cells, typed, folder, number), typed)
        progress(WEIGHED + (1 - WEIGHED) * (number + 1) / len(names))
    return found


def _with_doubt(typed: Typed, doubt: str | None) -> Typed:
    return replace(typed, warnings=(*typed.warnings, doubt)) if doubt and typed.type == "number" else typed
