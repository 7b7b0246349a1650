"""Dates are read as the standard library's calendar has them."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta, timezone

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.intake import dates
from tests.app.intake.support import unhurried

START = datetime(1970, 1, 1, tzinfo=UTC)
MOMENTS = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30)).map(lambda moment: moment.replace(microsecond=0))
ORDERS = {"year first": "{y:04}{m}{mo}{m}{d}", "day first": "{d}{m}{mo}{m}{y:04}", "month first": "{mo}{m}{d}{m}{y:04}"}


def days(text: str, order: str) -> float:
    return float(dates.read(pl.Series([text], dtype=pl.String), order)[0])


def expected(moment: datetime) -> float:
    return (moment.replace(tzinfo=moment.tzinfo or UTC) - START) / timedelta(days=1)


TIMES = ["", "T%H:%M:%S", " %I:%M:%S %p"]
NO_DATES = [
    *("2023-02-29", "2024-00-10", "2024-13-01", "2024-01-32", "2024-01-00", "0000-01-01", "2024-01-01 24:00"),
    *("2024-01-01 10:60", "2024-01-01 13:00 PM", "2024-01-01 0:30 AM", "24-01-01", "2024-01/01", "2024-01-01x"),
    "٢٠٢٤-٠١-٠١",
]


@unhurried
@given(MOMENTS, st.sampled_from(list(ORDERS)), st.sampled_from("-/"), st.sampled_from(TIMES))
def test_any_moment_in_any_order_comes_back(moment: datetime, order: str, mark: str, time: str) -> None:
    moment = moment if time else moment.replace(hour=0, minute=0, second=0)
    text = ORDERS[order].format(y=moment.year, mo=moment.month, d=moment.day, m=mark) + moment.strftime(time)
    assert math.isclose(days(text, order), expected(moment), rel_tol=0, abs_tol=1e-8)


@unhurried
@given(MOMENTS, st.integers(-14 * 60, 14 * 60))
def test_zones_count_from_utc(moment: datetime, minutes: int) -> None:
    there = moment.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    zone = f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
    text = f"{moment.year:04}-{moment:%m-%dT%H:%M:%S}{zone}"
    assert math.isclose(days(text, "year first"), expected(there), rel_tol=0, abs_tol=1e-8)


@pytest.mark.parametrize("text", NO_DATES)
def test_what_no_calendar_has_is_no_date(text: str) -> None:
    assert math.isnan(days(text, "year first"))
