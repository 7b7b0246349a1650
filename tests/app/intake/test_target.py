"""The target that is guessed: by its name, or else the last column of numbers that tells something."""

from __future__ import annotations

import pytest

from app.intake.description import ColumnDescription
from app.intake.target import guess_target, row_numbers


def column(
    name: str, type: str = "number", distinct: int = 40, low: float = 3.0, high: float = 97.5
) -> ColumnDescription:
    return ColumnDescription(name, type, "0.npy", 0, distinct, low, high)


ROWS = column("Column 1", distinct=506, low=1, high=506)
TOWNS = column("townid", distinct=92, low=1, high=92)
SIZE, AGE, MARK = column("size"), column("age"), column("mark", distinct=10, low=1, high=10)


@pytest.mark.parametrize(
    ("columns", "guessed"),
    [
        ((SIZE, column("Sale price"), AGE), "Sale price"),
        ((SIZE, column("salePrice"), AGE), "salePrice"),
        ((column("y"), column("class", "category")), "y"),
        ((SIZE, AGE), "age"),
        ((SIZE, AGE, column("city", "category")), "age"),
        ((ROWS, SIZE, AGE, TOWNS), "age"),
        ((SIZE, MARK), "mark"),
        ((SIZE, column("customer_id")), "size"),
        ((SIZE, column("customerId")), "size"),
        ((SIZE, column("paid")), "paid"),
        ((ROWS, TOWNS), "townid"),
        ((SIZE, column("same", distinct=1)), "size"),
        ((column("city", "category"),), None),
        ((), None),
    ],
)
def test_the_guess(columns: tuple[ColumnDescription, ...], guessed: str | None) -> None:
    assert guess_target(columns) == guessed


@pytest.mark.parametrize(
    ("one", "numbers"),
    [
        (ROWS, True),
        (column("id", distinct=506, low=0, high=505), True),
        (column("rownames", distinct=506, low=1, high=506), True),
        (column("Row index", distinct=506, low=1, high=506), True),
        (column("month", distinct=506, low=1, high=506), False),
        (column("Column 1", distinct=400, low=1, high=506), False),
        (column("id", distinct=506, low=1, high=700), False),
        (column("customer_id", distinct=506, low=5000, high=5505), True),
        (column("id", distinct=505, low=2, high=507), False),
        (TOWNS, False),
        (column("Column 1", "category", distinct=506, low=1, high=506), False),
    ],
)
def test_what_numbers_the_rows_is_called_so_and_leaves_none_out(one: ColumnDescription, numbers: bool) -> None:
    assert row_numbers([SIZE, one], 506) == ((one.name,) if numbers else ())
