"""What a person types into a row: read as it is meant where that is sure, and left alone where it is not."""

import pytest

from app.pages._typed import typed


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("86.5", "86.5"),
        ("86,5", "86.5"),
        ("-86,55", "-86.55"),
        ("0,125", "0.125"),
        ("1.200,50", "1200.50"),
        ("1,200.50", "1200.50"),
        ("1.200.300", "1200300"),
        ("1,200,300", "1200300"),
        ("1 200", "1200"),
        ("1\u202f200,5", "1200.5"),
        ("1'200.5", "1200.5"),
        ("12 %", "12"),
        ("$9.99", "9.99"),
        ("9,99 €", "9.99"),
        ("1e-3", "1e-3"),
        ("", ""),
    ],
)
def test_a_number_is_read_as_people_write_it(text: str, read: str) -> None:
    assert typed(text, "number") == read


@pytest.mark.parametrize("text", ["1,200", "-12,345", "1.20,5", "1,2,3", "1,20.5", "abc", "abc,5x", "1,200,30"])
def test_what_could_mean_two_things_or_none_is_left_to_be_refused(text: str) -> None:
    left = typed(text, "number")
    with pytest.raises(ValueError):
        float(left)


@pytest.mark.parametrize(
    ("text", "read"),
    [("14.03.2025", "2025-03-14"), ("1.2.2025", "2025-02-01"), ("2025-03-14", "2025-03-14"), ("x", "x")],
)
def test_a_date_is_read_day_by_month_by_year_where_points_stand_between(text: str, read: str) -> None:
    assert typed(text, "date") == read


def test_texts_stay_as_they_are() -> None:
    assert typed("1.200,50 €", "category") == "1.200,50 €"
