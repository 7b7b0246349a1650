"""Groups of rows: a graph that makes one row of many learns from groups and estimates groups."""

import json

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from engine.callbacks import run
from engine.check import problems
from engine.examples import examples_of, groups_of
from engine.model import Model, checked_rows
from engine.model_json import from_json, to_json
from engine.plan import compile
from engine.primitive import Moment
from engine.primitives.reduce import HOW
from engine.table import from_columns
from engine.training.executor import Callbacks
from engine.training.settings import Settings
from engine.training.train import train
from engine.wiggling import sealed, wiggle
from tests.engine.graphs import graph


def grouped(how="mean", by="order", answer="mean", **more):
    """Each row's numbers are worked on, then each group's."""
    nodes = {
        "in": ("columns", {"columns": ["size", "price"]}),
        "each": ("linear", {"width": 2}),
        "group": ("group", {"by": by, "how": how, "answer": answer}),
        "all": "linear",
        "out": "estimate",
    }
    return graph(nodes | more, "in -> each", "each -> group", "group -> all", "all -> out")


def orders(groups=60, seed=0):
    """Orders of one to five rows each, the rows of all of them mixed up; an order's total is the sum of its prices."""
    generator = np.random.default_rng(seed)
    order = np.repeat(np.arange(groups), generator.integers(1, 6, size=groups))
    generator.shuffle(order)
    size, price = generator.normal(size=(2, len(order)))
    total = np.bincount(order, weights=price)[order]
    return from_columns({"order": [f"no {id}" for id in order], "size": size, "price": price, "total": total})


def fit(graph, table, target="total", **settings):
    training = train(graph, table, target, Settings(**settings))
    events = list(training)
    return Model(training.plan, training.parameters, target), events


@pytest.mark.parametrize("how", HOW)
def test_the_gradient_is_what_wiggling_shows(how):
    table = orders(8)
    examples = np.arange(8)
    training = train(grouped(how), table, "total", Settings(holdout=0))
    worker = Callbacks(training._work)
    flat = sealed(training.plan.start(1))
    _, gradient = worker.gradient(flat, examples, Moment())

    def loss(at):
        return worker.gradient(at, examples, Moment())[0][None]

    assert_allclose(gradient, wiggle(loss, flat, np.ones((1, 1))), atol=1e-7)


def test_a_group_has_one_estimate_and_one_target():
    table = orders()
    model, events = fit(grouped("sum"), table, epochs=400, holdout=0)
    assert (events[0].train_rows, events[0].left_out_rows) == (60, 0)
    assert events[-1].loss["out"].train < 1e-3
    assert_allclose(model.predict(table), table.data["total"], atol=0.2)


def test_the_order_of_rows_changes_nothing_but_for_the_first_and_the_last():
    table = orders()
    shuffled = np.random.default_rng(5).permutation(table.rows)
    other = from_columns({c.name: [table.cell(c.name, int(row)) for row in shuffled] for c in table.columns})
    for how in HOW:
        model, _ = fit(grouped(how), table, epochs=2)
        same = np.allclose(np.array(model.predict(table))[shuffled], model.predict(other), rtol=1e-9)
        assert same == (how not in ("first", "last"))


def test_rows_are_told_their_groups_however_they_are_given():
    table = orders()
    model, _ = fit(grouped(), table, epochs=5)
    rows = [table.row(row) for row in range(table.rows)]
    assert_allclose(model.predict(rows), model.predict(table), rtol=1e-12)
    alone = [row for row in rows if row["order"] == rows[0]["order"]]
    assert_allclose(model.predict(alone), model.predict(rows)[0])
    assert len(set(model.predict(alone))) == 1


def test_a_whole_table_can_be_one_group():
    table = orders(5)
    model, events = fit(grouped("mean", by=""), table, epochs=2)
    assert events[0].train_rows == 1 and events[0].holdout_rows == 0
    assert len(set(model.predict(table))) == 1


def test_what_groups_is_not_learnt_from():
    plan = compile(graph({"in": "columns", "g": ("group", {"by": "order"}), "a": "linear", "out": "estimate"},
        "in -> g", "g -> a", "a -> out"), orders(), np.arange(60), "total")  # fmt: skip
    assert [column.name for column in plan.preparation.columns] == ["size", "price"]


def test_what_groups_is_no_part_of_the_task_that_widths_are_checked_with():
    nodes = {"in": "columns", "two": ("linear", {"width": 2}), "sum": "addition", "g": ("group", {"by": "order"})}
    drawn = graph(nodes | {"last": "linear", "out": "estimate"},
        *("in -> two", "in -> sum", "two -> sum", "sum -> g", "g -> last", "last -> out"))  # fmt: skip
    table = orders()
    assert problems(drawn, table, "total") == []
    assert compile(drawn, table, np.arange(60), "total").preparation.width == 2


def test_held_out_groups_are_held_out_whole():
    table = orders()
    training = train(grouped(), table, "total", Settings(holdout=0.25))
    examples = examples_of(grouped(), table, ["total"])
    learnt, held = (set(examples.rows(part)) for part in (training.parts.train, training.parts.holdout))
    assert len(training.parts.holdout) == 15 and not learnt & held and len(learnt | held) == table.rows


def test_groups_keep_the_order_of_their_rows_and_of_their_first_rows():
    groups = groups_of(np.array([7.0, np.nan, 3.0, 7.0, np.nan, 3.0]))
    assert groups.order.tolist() == [0, 3, 1, 4, 2, 5] and groups.starts.tolist() == [0, 2, 4, 6]
    assert [part.tolist() for part in groups.take(np.array([2, 0]))] == [[2, 5, 0, 3], [0, 2, 4]]
    assert groups.of_rows().tolist() == [0, 1, 2, 0, 1, 2]


@pytest.mark.parametrize(
    ("answer", "numbers", "names"),
    [
        ("mean", [2.0, 7.0], ["b", "a"]),
        ("sum", [4.0, 7.0], ["b", "a"]),
        ("maximum", [3.0, 7.0], ["b", "a"]),
        ("first", [1.0, 7.0], ["a", "a"]),
        ("last", [3.0, 7.0], ["b", "a"]),
    ],
)
def test_a_groups_target_is_made_of_its_rows(answer, numbers, names):
    data = {"g": [1, 1, 1, 2], "y": [1.0, None, 3.0, 7.0], "z": ["a", "b", "b", "a"]}
    table = from_columns(data | {"price": [1, 2, 3, 4]})
    by_group = graph({"in": "columns", "g": ("group", {"by": "g", "answer": answer}), "out": "estimate"}, "in -> g")
    answers = examples_of(by_group, table, ["y", "z"]).answers
    assert answers.data["y"].tolist() == numbers
    assert [answers.cell("z", row) for row in range(2)] == names


def test_readings_tell_groups_as_groups_and_rows_as_rows():
    table = orders(20)
    _, events = fit(grouped("maximum"), table, epochs=2, holdout=0)
    reading = json.loads(json.dumps(events[-2].to_json(), allow_nan=False))
    shown = reading["rows"]
    assert len(shown["rows"]) == len(shown["targets"]["out"]) == len(shown["results"]["all"]) == 12
    totals = [table.cell("total", row) for row in shown["rows"]]
    assert_allclose(shown["targets"]["out"], totals, rtol=1e-3)
    assert len({table.cell("order", row) for row in shown["rows"]}) == 12


def test_a_model_of_groups_comes_back_and_holds_its_own_checks():
    table = orders()
    model, _ = fit(grouped(), table, epochs=3)
    back = from_json(json.loads(json.dumps(to_json(model))))
    assert back.predict(table) == model.predict(table)
    for check in checked_rows(model, table):
        assert back.predict([check["row"]]) == [check["estimate"]]


def test_several_steps_come_to_the_same_bits_again():
    first, _ = fit(grouped("maximum"), orders(), epochs=4, batch_size=7)
    again, _ = fit(grouped("maximum"), orders(), epochs=4, batch_size=7)
    assert_array_equal(first.parameters, again.parameters)


def test_dropout_works_before_and_after_a_group():
    nodes = {"in": "columns", "a": "dropout", "g": ("group", {"by": "order"}), "b": "dropout", "c": "linear",
        "out": "estimate"}  # fmt: skip
    chained = graph(nodes, "in -> a", "a -> g", "g -> b", "b -> c", "c -> out")
    _, events = fit(chained, orders(), epochs=2)
    assert events[-1].kind == "finished"


ROWS_AND_GROUPS = graph(
    {"in": "columns", "g": ("group", {"by": "order"}), "a": "linear", "sum": "addition", "out": "estimate"},
    *("in -> g", "in -> a", "g -> sum", "a -> sum", "sum -> out"),
)
TWICE = graph({"in": "columns", "g": "group", "h": "group", "a": "linear", "out": "estimate"},
    "in -> g", "g -> h", "h -> a", "a -> out")  # fmt: skip
TWO_WAYS = graph(
    {"in": "columns", "g": ("group", {"by": "order"}), "h": "group", "a": "linear", "b": "linear", "out": "estimate",
     "top": "maximum"},
    *("in -> g", "in -> h", "g -> a", "h -> b", "a -> top", "b -> top", "top -> out"),
)  # fmt: skip
SOME_ROWS = graph(
    {"in": "columns", "g": ("group", {"by": "order"}), "a": "linear", "b": "linear", "out": "estimate",
     "rows": "estimate"},
    *("in -> g", "g -> a", "a -> out", "in -> b", "b -> rows"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("graph", "code", "node", "says"),
    [
        (ROWS_AND_GROUPS, "width-mismatch", "sum", "rows and groups of rows at once"),
        (TWICE, "width-mismatch", "h", "groups already"),
        (TWO_WAYS, "two-groupings", "h", "'H' groups the rows in another way than 'G'"),
        (SOME_ROWS, "not-grouped", "rows", "'Rows' estimates single rows"),
        (grouped(by="nobody"), "unknown-column", "group", "'nobody'"),
        (grouped(by="total"), "leak", "group", "'total'"),
    ],
)
def test_what_cannot_be_is_said(graph, code, node, says):
    found = problems(graph, orders(), "total")
    assert [(problem.code, problem.node) for problem in found] == [(code, node)]
    assert says in found[0].message


def test_run_without_groups_takes_all_rows_as_one():
    table = orders(4)
    plan = compile(grouped(), table, np.arange(4), "total")
    slots, _ = run(plan.program, plan.preparation.apply(table), plan.layout.views(plan.start(0)), Moment())
    assert slots[plan.results["group"]].shape == (1, 2)
