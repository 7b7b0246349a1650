"""Every problem of a graph at once, each at its node or wire, in words that say what to do."""

import numpy as np
import pytest

from engine.check import problems
from engine.errors import GraphRefused
from engine.table import Column, Table, from_columns
from engine.training.settings import Settings
from engine.training.train import train
from tests.engine.graphs import california, graph, projects


def codes(found):
    return sorted((problem.code, problem.node or problem.wire or "") for problem in found)


def test_the_example_has_none():
    assert problems(california()) == []
    assert problems(california(), projects(), "Cost") == []


CASES = {
    "a circle is named in words": (
        graph(
            {"in": "columns", "a": "linear", "b": "linear", "out": "estimate"},
            "in -> a",
            "a -> b",
            "b -> a",
            "b -> out",
        ),
        [("cycle", "a")],
    ),
    "a worker without a task": (
        graph({"in": "columns", "a": "linear", "b": "linear", "out": "estimate"}, "in -> a", "a -> out", "b -> a"),
        [("missing-wire", "b")],
    ),
    "a team of one": (
        graph(
            {"in": "columns", "a": "linear", "max": "maximum", "out": "estimate"}, "in -> a", "a -> max", "max -> out"
        ),
        [("missing-wire", "max")],
    ),
    "two scores to choose by": (
        graph(
            {"in": "columns", "a": "linear", "b": "linear", "pick": ("choose", {"by": "scores"}), "out": "estimate"},
            *("in -> a", "in -> b", "a -> pick", "b -> pick", "a -> pick:scores", "b -> pick:scores", "pick -> out"),
        ),
        [("too-many-wires", "pick")],
    ),
    "widths that differ": (
        graph(
            {"in": "columns", "a": ("linear", {"width": 2}), "b": "linear", "sum": "addition", "out": "estimate"},
            *("in -> a", "in -> b", "a -> sum", "b -> sum", "sum -> out"),
        ),
        [("width-mismatch", "sum")],
    ),
    "a kind that nobody knows": (
        graph({"in": "columns", "a": "oracle", "out": "estimate"}, "in -> a", "a -> out"),
        [("unknown-kind", "a")],
    ),
    "work that leads nowhere": (
        graph({"in": "columns", "a": "linear", "b": "linear", "out": "estimate"}, "in -> a", "in -> b", "a -> out"),
        [("unreachable", "b")],
    ),
    "a setting out of bounds": (
        graph({"in": "columns", "a": ("linear", {"width": 0}), "out": "estimate"}, "in -> a", "a -> out"),
        [("bad-setting", "a")],
    ),
    "a wire to nobody": (
        graph({"in": "columns", "a": "linear", "out": "estimate"}, "in -> a", "a -> out", "a -> ghost"),
        [("unknown-node", "a->ghost")],
    ),
    "a wire out of an estimate": (
        graph({"in": "columns", "a": "linear", "out": "estimate"}, "in -> a", "a -> out", "out -> a"),
        [("cycle", "a"), ("unknown-port", "out->a")],
    ),
    "a wire twice": (
        graph({"in": "columns", "a": "linear", "out": "estimate"}, "in -> a", "in -> a", "a -> out"),
        [("duplicate-wire", "in->a")],
    ),
    "nothing at all": (graph({}), [("no-columns", ""), ("no-estimate", "")]),
}


@pytest.mark.parametrize(("wrong", "expected"), CASES.values(), ids=CASES)
def test_each_mistake_is_found_at_its_place(wrong, expected):
    assert codes(problems(wrong)) == expected


def test_all_mistakes_are_found_at_once():
    wrong = graph(
        {
            "in": "columns",
            "wide": ("linear", {"width": 2}),
            "thin": "linear",
            "sum": "addition",
            "out": "estimate",
            "lost": "linear",
            "oracle": "oracle",
            "a": "linear",
            "b": "linear",
        },
        *("in -> wide", "in -> thin", "wide -> sum", "thin -> sum", "sum -> out", "a -> b", "b -> a", "in -> ghost"),
    )
    found = {problem.code for problem in problems(wrong)}
    assert found == {"width-mismatch", "missing-wire", "unknown-kind", "cycle", "unreachable", "unknown-node"}


def test_the_sentence_says_which_thing_and_what_to_do():
    (found,) = problems(CASES["a team of one"][0])
    assert found.message == "Node 'Max' has one wire in; it needs two."
    assert found.hint == "Wire another worker to it."
    (found,) = problems(CASES["a circle is named in words"][0])
    assert found.message == "Work would go round in a circle: 'A' feeds 'B' feeds 'A'."


def columns_graph(columns, target=""):
    return graph(
        {"in": ("columns", {"columns": columns}), "a": "linear", "out": ("estimate", {"target": target})},
        *("in -> a", "a -> out"),
    )


@pytest.mark.parametrize(
    ("drawn", "target", "code"),
    [
        (columns_graph(["California", "Rain"]), "Cost", "unknown-column"),
        (columns_graph(["California", "Cost"]), "Cost", "leak"),
        (columns_graph("all"), None, "no-target"),
        (columns_graph("all"), "Price", "unknown-column"),
        (columns_graph("all", target="City"), None, "bad-target"),
    ],
)
def test_a_table_is_checked_too(drawn, target, code):
    columns = (Column("California", "number"), Column("City", "text", ("Oslo", "Rome")), Column("Cost", "number"))
    data = {"California": np.array([0.0, 1]), "City": np.array([1, 0], np.int32), "Cost": np.array([1.0, 5])}
    table = Table(columns, data)
    assert [problem.code for problem in problems(drawn, table, target)] == [code]


def test_a_table_without_anything_to_learn_from():
    table = from_columns({"Cost": [1.0, 5.0, 8.0, 10.0]})
    assert [problem.code for problem in problems(columns_graph("all"), table, "Cost")] == ["no-columns"]
    with pytest.raises(GraphRefused, match="no column to learn from"):
        train(columns_graph("all"), table, "Cost", Settings())


def test_a_setting_that_is_missing_is_asked_for():
    nodes = {"in": "columns", "a": "linear", "b": "linear", "c": "choose", "out": "estimate"}
    drawn = graph(nodes, "in -> a", "in -> b", "a -> c", "b -> c", "c -> out")
    (found,) = problems(drawn, projects(), "Cost")
    assert (found.code, found.node) == ("bad-setting", "c")
    assert "which column to choose by" in found.message and "settings" in found.hint


def test_widths_that_only_a_table_can_tell():
    drawn = graph(
        {"in": "columns", "a": ("linear", {"width": 3}), "sum": "addition", "b": "linear", "out": "estimate"},
        *("in -> a", "in -> sum", "a -> sum", "sum -> b", "b -> out"),
    )
    assert problems(drawn) == []
    assert [problem.code for problem in problems(drawn, projects(), "Cost")] == ["width-mismatch"]


def test_an_estimate_of_a_number_is_given_one():
    straight = graph({"in": "columns", "a": ("linear", {"width": 2}), "out": "estimate"}, "in -> a", "a -> out")
    (found,) = problems(straight, projects(), "Cost")
    assert (found.code, found.node) == ("width-mismatch", "out")
    assert "needs one number; it is given 2" in found.message


@pytest.mark.parametrize(
    ("values", "width", "wrong"),
    [
        (3, 1, True),
        (3, 3, False),
        (3, 2, False),
        (3, 4, True),
        (2, 1, False),
        (2, 2, False),
        (2, 3, True),
        (0, 1, False),
    ],
)
def test_an_estimate_of_classes_is_given_one_number_for_each(values, width, wrong):
    straight = graph({"in": "columns", "a": ("linear", {"width": width}), "out": "estimate"}, "in -> a", "a -> out")
    towns = Column("Town", "category", ("Oslo", "Rome", "Bonn")[:values])
    found = problems(straight, Table((Column("Rooms", "number"), towns), {}), "Town")
    assert [(problem.code, problem.node) for problem in found] == [("width-mismatch", "out")] * wrong
    if wrong and values == 3:
        assert f"needs 3 numbers, one for each class; it is given {width}" in found[0].message
