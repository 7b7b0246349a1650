"""A column of dates: when it is one, and in which order its days and months stand."""

from __future__ import annotations

import numpy as np

from app.intake import dates
from app.intake.categories import Categories
from app.intake.columns import Cells, Reading, Typed
from app.intake.decimal_mark import ODD_SHARE


def date_column(cells: Cells, known: Categories) -> Typed | None:
    """The column as days since 1970-01-01, or None where it holds no dates. Each different text is read once."""
    year, day, month = (_read(known, order) for order in dates.ORDERS)
    best = max(year, day, month, key=lambda reading: reading.found)
    if not best.fits(ODD_SHARE):
        return None
    warnings = [best.odd_ones(cells, "dates")] if len(best.odd) else []
    differ = np.flatnonzero(day.values != month.values)
    if best is day and day.found == month.found and len(differ):
        example = cells.quote(int(differ[0]))
        warnings.append(f"Day and month could be either way round, as in {example}; the day is read first.")
    return Typed("date", best.values, warnings=tuple(warnings))


def _read(known: Categories, order: str) -> Reading:
    values = known.spread(dates.read(known.texts, order))
    odd = np.flatnonzero(np.isnan(values) & (known.codes >= 0))
    return Reading(values, odd)
