"""The target that is guessed: by its name, or else the last column of numbers that tells something."""

from __future__ import annotations

import pytest

from app.intake.description import ColumnDescription
from app.intake.target import guess_target


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
