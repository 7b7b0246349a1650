"""A column of numbers: when it is one, and what a person should know of how it was read."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from app.intake import numbers
from app.intake.cells import BLANKS, trim
from app.intake.columns import Cells, NoNumber, Reading, Typed
from app.intake.decimal_mark import ODD_SHARE
from app.intake.numbers import Marks, Style

Rows = npt.NDArray[np.intp]

CODE = "^0[0-9]+$"  # digits with a leading zero
LONG = "^[-+]?[0-9]{16,}$"
LOOKED_AT = 1_000  # odd values that may be long numbers
NEARLY = 0.5  # from this share of numbers on, a person wants to know why a column is none


def number_column(cells: Cells, style: Style) -> Typed | NoNumber | None:
    """The column as numbers, or why it is read as text though it looks like numbers; None if it does not."""
    found = numbers.read(cells.texts, style)
    reading = Reading(found.values, found.odd)
    if not reading.fits(ODD_SHARE):
        return _all_missing(cells, reading) or _nearly(cells, reading)
    codes = _codes(cells)
    if len(codes) > ODD_SHARE * reading.found or _same_length(cells, codes):
        why = f"Leading zeros, for example {cells.quote(int(codes[0]))}, make it a code; so it is read as text."
        return NoNumber(why, doubtful=False)
    return Typed(
        "number",
        found.values,
        notes=_notes(found.marks, reading),
        warnings=_warnings(cells, reading, found.marks, codes),
        thousands=found.marks.thousands,
    )


def _all_missing(cells: Cells, reading: Reading) -> Typed | None:
    if len(reading.odd) or reading.found:
        return None
    return Typed("number", reading.values)


def _nearly(cells: Cells, reading: Reading) -> NoNumber | None:
    total = reading.found + len(reading.odd)
    example = cells.quote(int(reading.odd[0]))
    if _are_long(cells, reading.odd[:LOOKED_AT]):
        return NoNumber(f"Numbers as long as {example} would be rounded; so it is read as text.", doubtful=False)
    if reading.found < NEARLY * total:
        return None
    count = f"{len(reading.odd):,} of {total:,} values are not numbers"
    return NoNumber(f"{count}, for example {example}; so it is read as text.", doubtful=True)


def _are_long(cells: Cells, rows: Rows) -> bool:
    return int(trim(cells.texts.gather(rows)).str.contains(LONG).sum()) > NEARLY * len(rows)


def _codes(cells: Cells) -> Rows:
    """The rows whose number begins with a zero too many; few cells need more than a look at their first letter."""
    rows = np.flatnonzero(cells.texts.str.head(1).is_in(["0", *BLANKS]).to_numpy())
    if not len(rows):
        return rows
    codes: Rows = rows[trim(cells.texts.gather(rows)).str.contains(CODE).to_numpy()]
    return codes


def _same_length(cells: Cells, codes: Rows) -> bool:
    """True if some value is a code and all digits are of one length, as in 01234 and 98765."""
    if not len(codes):
        return False
    texts = trim(cells.texts)
    lengths = texts.filter(texts.str.contains("^[0-9]+$")).str.len_bytes()
    return lengths.n_unique() == 1


def _notes(marks: Marks, reading: Reading) -> tuple[str, ...]:
    notes = []
    if marks.percent and marks.percent == reading.found:
        notes.append("Written in per cent: 12% is the number 12.")
    if len(marks.currencies) == 1:
        notes.append(f"Amounts in {' '.join(marks.currencies)}.")
    return tuple(notes)


def _warnings(cells: Cells, reading: Reading, marks: Marks, codes: Rows) -> tuple[str, ...]:
    warnings = []
    if len(reading.odd):
        warnings.append(reading.odd_ones(cells, "numbers"))
    if 0 < marks.percent < reading.found:
        warnings.append(f"{marks.percent:,} of {reading.found:,} numbers carry a % sign; 12% is read as 12.")
    if len(marks.currencies) > 1:
        warnings.append(f"Amounts in {' and '.join(sorted(marks.currencies))} are mixed; only the numbers are read.")
    if marks.magnitudes:
        warnings.append(f"k, m, b, bn and t are read as thousand to trillion, {marks.magnitudes:,} times.")
    if len(codes):
        warnings.append(f"The leading zeros of {cells.quote_some(codes)} are dropped.")
    return tuple(warnings)
