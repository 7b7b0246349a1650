"""Which columns a graph may look at."""

import numpy as np

from engine.table import Column, Table
from engine.targets import learnable, usable
from tests.engine.graphs import graph

COLUMNS = (
    Column("no", "number", numbers_rows=True),
    Column("City", "text", ("Oslo", "Rome")),
    Column("Rooms", "number"),
    Column("Cost", "number"),
)
TABLE = Table(COLUMNS, {c.name: np.arange(2, dtype=np.int32 if c.type == "text" else float) for c in COLUMNS})


def asking(columns):
    return graph({"in": ("columns", {"columns": columns}), "a": "linear", "out": "estimate"}, "in -> a", "a -> out")


def test_all_is_neither_the_target_nor_free_text_nor_numbers_of_rows():
    assert usable(asking("all"), TABLE, "Cost") == ("Rooms",)
    assert usable(asking("all"), TABLE, "Rooms") == ("Cost",)
    assert learnable(TABLE, {"Cost"}) == ("Rooms",)


def test_what_is_named_is_taken():
    assert usable(asking(["no", "City"]), TABLE, "Cost") == ("no", "City", "Rooms")


def test_numbers_of_rows_are_better_than_nothing():
    assert learnable(TABLE, {"Rooms", "Cost"}) == ("no",)
