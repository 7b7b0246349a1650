"""Columns of other types: taken as a single row would take them, or refused with the row."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from engine.errors import DataRefused
from engine.fitting import fitted
from engine.table import Column, Table, from_rows

HELD = {
    "number": (Column("c", "number"), np.array([1.0, np.nan, 0.0, 1.0, 2.5])),
    "boolean": (Column("c", "boolean"), np.array([1.0, np.nan, 0.0, 1.0, 0.0])),
    "date": (Column("c", "date"), np.array([19_000.0, np.nan, 19_000.5, 0.0, -3.0])),
    "words": (Column("c", "category", ("b", "a")), np.array([0, -1, 1, 0, 1], np.int32)),
    "figures": (Column("c", "text", ("1", "0", "2.5")), np.array([0, -1, 1, 0, 2], np.int32)),
    "days": (Column("c", "category", ("2026-01-31", "1970-01-01")), np.array([0, -1, 1, 0, 1], np.int32)),
}
WANTED = [
    Column("c", "number"),
    Column("c", "boolean"),
    Column("c", "date"),
    Column("c", "category", ("a", "b", "1", "true")),
]


@pytest.mark.parametrize("wanted", WANTED, ids=lambda column: column.type)
@pytest.mark.parametrize("held", HELD)
def test_a_column_is_taken_as_its_rows_would_be(held, wanted):
    column, values = HELD[held]
    table = Table((column,), {"c": values})
    rows = [table.row(row) for row in range(table.rows)]
    try:
        alone = [from_rows([wanted], [row]) for row in rows]
    except DataRefused:
        with pytest.raises(DataRefused, match="Row "):
            fitted(table, [wanted])
        return
    found = fitted(table, [wanted])
    for number, single in enumerate(alone):
        assert found.cell("c", number) in (single.cell("c", 0), table.cell("c", number))


def test_what_is_of_the_right_type_is_not_copied():
    values = np.array([1.0, 2.0])
    table = Table((Column("a", "number"), Column("b", "number")), {"a": values, "b": values})
    found = fitted(table, [Column("b", "number")])
    assert found.data["b"] is values
    assert [column.name for column in found.columns] == ["b"]


def test_the_first_row_that_does_not_fit_is_named():
    column = Column("c", "category", ("x", "1", "y"))
    table = Table((column,), {"c": np.array([1, 1, 2, 0], np.int32)})
    with pytest.raises(DataRefused, match="Row 3: Column 'c' wants a number; 'y' is not"):
        fitted(table, [Column("c", "number")])


def test_a_missing_column_is_named():
    with pytest.raises(DataRefused, match=r"no column 'z'\. It has: c"):
        fitted(Table((Column("c", "number"),), {"c": np.zeros(2)}), [Column("z", "number")])


def test_missing_values_stay_missing():
    table = Table((Column("c", "category", ("1",)),), {"c": np.array([-1, 0], np.int32)})
    assert_array_equal(fitted(table, [Column("c", "number")]).data["c"], [np.nan, 1.0])
