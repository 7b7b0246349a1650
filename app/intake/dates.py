"""Which spellings are dates, and how many days since 1 January 1970 each is.

2024-03-31   2024/3/31   31.3.2024   31/3/2024   3/31/2024   31-3-2024
each also with a time: T or a blank, 14:05, 14:05:09, 14:05:09.25, 2:05 PM, and Z or +02:00
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

YEAR, MONTH, DAY = "(?P<year>[0-9]{4})", "(?P<month>[0-9]{1,2})", "(?P<day>[0-9]{1,2})"
MARK, AGAIN = "(?P<mark>[-/.])", "(?P<again>[-/.])"
TIME = (
    r"(?:[T ] ?(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}(?:\.[0-9]{1,9})?))?"
    r"(?: ?(?P<half>[AaPp][Mm]))?(?: ?(?P<zone>Z|[-+][0-9]{2}:?[0-9]{2}))?)?"
)
ORDERS = {
    "year first": f"^{YEAR}{MARK}{MONTH}{AGAIN}{DAY}{TIME}$",
    "day first": f"^{DAY}{MARK}{MONTH}{AGAIN}{YEAR}{TIME}$",
    "month first": f"^{MONTH}(?P<mark>[-/]){DAY}{AGAIN}{YEAR}{TIME}$",  # nobody writes 3.31.2024
}


def read(texts: pl.Series, order: str) -> Floats:
    """Days since 1970-01-01, in UTC where a zone is given; NaN where a trimmed text is no date in this order."""
    days = np.full(len(texts), np.nan)
    rows = np.flatnonzero(texts.str.contains(ORDERS[order]).to_numpy())
    if not len(rows):
        return days
    parts = texts.gather(rows).str.extract_groups(ORDERS[order]).struct.unnest()
    one_mark = (parts["mark"] == parts["again"]).to_numpy()
    days[rows] = np.where(one_mark, _days(parts) + _time(parts), np.nan)
    return days


def _days(parts: pl.DataFrame) -> Floats:
    year, month, day = (_whole(parts[name]) for name in ("year", "month", "day"))
    first = _month_start(year, month)
    length = _month_start(year, month + 1) - first
    valid = (year >= 1) & (month >= 1) & (month <= 12) & (day >= 1) & (day <= length)
    return np.where(valid, (first + day - 1).astype(np.float64), np.nan)


def _month_start(year: Integers, month: Integers) -> Integers:
    months = (year - 1970) * 12 + month - 1
    return months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)


def _time(parts: pl.DataFrame) -> Floats:
    """The time as a share of a day, NaN where there is no such time."""
    hour, minute = _whole(parts["hour"]), _whole(parts["minute"])
    second = parts["second"].cast(pl.Float64).fill_null(0).to_numpy()
    half = parts["half"].str.to_lowercase()
    twelve = half.is_not_null().to_numpy()
    valid = (minute < 60) & (second < 60) & np.where(twelve, (hour >= 1) & (hour <= 12), hour < 24)
    hour = np.where(twelve, hour % 12 + 12 * (half == "pm").fill_null(False).to_numpy(), hour)
    seconds = hour * 3600 + minute * 60 + second - _zone(parts["zone"])
    return np.where(valid, seconds / 86_400, np.nan)


def _zone(zones: pl.Series) -> Floats:
    """Seconds ahead of UTC."""
    sign = np.where(zones.str.starts_with("-").fill_null(False).to_numpy(), -1, 1)
    hours, minutes = _whole(zones.str.slice(1, 2)), _whole(zones.str.slice(-2))
    return sign * (hours * 3600.0 + minutes * 60.0)


def _whole(digits: pl.Series) -> Integers:
    return digits.cast(pl.Int64, strict=False).fill_null(0).to_numpy()
