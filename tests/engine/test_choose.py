"""Choosing by a column: which rows go to which wire, for every type that a column may have."""

from __future__ import annotations

import numpy as np
import pytest

from engine.check import problems
from engine.readings.reader import Reader
from engine.table import Column, Table, days_of
from engine.training.settings import Settings
from engine.training.train import train
from tests.engine.graphs import graph

NAMES = ("a", "b", "c")


def team(options, cuts="", column="by"):
    """As many workers as there are options; one of them for each row."""
    names = NAMES[:options]
    nodes = {"in": "columns", "pick": ("choose", {"column": column, "cuts": cuts}), "out": "estimate"}
    wires = [wire for name in names for wire in (f"in -> {name}", f"{name} -> pick")]
    return graph(nodes | dict.fromkeys(names, "linear"), *wires, "pick -> out")


def table(type, values, categories=()):
    """The column beside one that nobody asks for, and a target."""
    count = len(values)
    columns = (Column("by", type, tuple(categories)), Column("more", "number"), Column("y", "number"))
    held = np.array(values, np.int32 if categories else float)
    return Table(columns, {"by": held, "more": np.arange(count) * 1.0, "y": np.arange(count) % 5.0})


def chosen(drawn, known):
    training = train(drawn, known, "y", Settings(holdout=0))
    return Reader(training._work, training.parts.train).read(training.parameters, 0.0).rows["winners"]["pick"]


DAYS = [
    float(days_of(text) or 0)
    for text in ("2024-12-31", "2025-01-01", "2025-06-29", "2025-06-30", "2025-07-01", "2026-01-01")
]


@pytest.mark.parametrize(("options", "cuts", "known", "expected"), [
    (3, "2009; 2016", table("number", [2000, 2008.9, 2009.1, 2015, 2017, 2030]), "aabbcc"),
    (3, "-1.5, 1e3", table("number", [-2, -1, 0, 999, 1001, 5]), "abbbcb"),
    (2, "2025-06-30", table("date", [day + 0.5 for day in DAYS]), "aaabbb"),
    (3, "2025-01-01; 2025-06-30T12:00", table("date", [day + 0.25 for day in DAYS]), "abbbcc"),
    (2, "20269", table("date", DAYS), "aaabbb"),
    (2, "2025-06-30", table("date", DAYS), "aaabbb"),
    (2, "", table("boolean", [0, 1, 1, 0, 0, 1]), "abbaab"),
    (2, "0.5", table("boolean", [0, 1, 1, 0, 0, 1]), "abbaab"),
    (3, "", table("category", [0, 1, 2, 3, 1, 0], ("north", "east", "south", "west")), "abccba"),
])  # fmt: skip
def test_rows_go_where_their_value_belongs(options, cuts, known, expected):
    assert "".join(chosen(team(options, cuts), known)) == expected


@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("standardise", [True, False])
def test_a_value_at_a_cut_goes_to_the_worker_that_begins_there(precision, standardise):
    years = np.repeat(np.arange(2000, 2025), 4).astype(float)
    for cuts in ((2001, 2002), (2009, 2016), (2003, 2024)):
        settings = Settings(precision=precision, standardise=standardise, holdout=0, softness=0)
        training = train(team(3, f"{cuts[0]}; {cuts[1]}"), table("number", years), "y", settings)
        reader = Reader(training._work, training.parts.train[np.isin(years, cuts)])
        rows = reader.read(training._state.parameters, 0.0).rows
        assert rows["winners"]["pick"] == ["b" if years[row] == cuts[0] else "c" for row in rows["rows"]]


@pytest.mark.parametrize(("options", "cuts", "type", "said"), [
    (3, "2009", "number", "3 estimates need 2 rising cuts; there are 1"),
    (3, "5; 5", "number", "rising"),
    (2, "", "number", "there are 0"),
    (3, "", "boolean", "3 estimates need 2 rising cuts"),
    (2, "summer", "number", "'summer' is no number and no date"),
    (2, "31.6.2025", "date", "'31.6.2025' is no number and no date"),
])  # fmt: skip
def test_cuts_that_part_nothing_are_refused_in_words(options, cuts, type, said):
    found = problems(team(options, cuts), table(type, [0, 1, 1, 0, 0, 1]), "y")
    assert [problem.code for problem in found] == ["bad-setting"]
    assert said in found[0].message


def test_without_a_table_nothing_is_held_against_cuts_that_may_be_right():
    assert problems(team(2, "2025-06-30"), None, "y") == []
    assert problems(team(2), None, "y") == []
