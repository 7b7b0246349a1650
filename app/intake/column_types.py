"""Which type a column has, judged by all of its cells: number, boolean, date, category or text."""

from __future__ import annotations

from app.intake.categories import number_texts
from app.intake.columns import Cells, Typed
from app.intake.date_column import date_column
from app.intake.number_column import number_column
from app.intake.numbers import Style
from app.intake.text_column import boolean_column, text_column


def type_column(cells: Cells, style: Style) -> Typed:
    """The first type that fits at least 98 % of the column's values; texts fit everything."""
    number = number_column(cells, style)
    if isinstance(number, Typed):
        return number
    known = number_texts(cells.texts)
    return boolean_column(known) or date_column(cells, known) or text_column(known, number)
