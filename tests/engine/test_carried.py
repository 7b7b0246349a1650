"""A changed graph goes on from what was learnt: who is untouched keeps it, who is not begins afresh."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from engine.carried import untouched
from engine.graph import Graph, Node, Wire
from engine.model import Model
from engine.table import from_columns
from engine.training.settings import Settings
from engine.training.train import train
from tests.engine.graphs import graph
from tests.engine.test_teams import PAIR, PAIRED, team

BEFORE = graph(
    {"in": "columns", "a": "linear", "b": "linear", "top": "maximum", "out": "estimate"},
    *("in -> a", "in -> b", "a -> top", "b -> top", "top -> out"),
)
KEPT = {"in", "a", "b", "top", "out"}


def changed(*nodes, wires=None):
    """The graph with these nodes in the place of their namesakes, or beside them."""
    ids = {node.id for node in nodes}
    kept = [node for node in BEFORE.nodes if node.id not in ids]
    return Graph("changed", (*kept, *nodes), tuple(wires if wires is not None else BEFORE.wires))


@pytest.mark.parametrize(
    ("after", "kept"),
    [
        (BEFORE, KEPT),
        (changed(Node("a", "linear", "Renamed", {}, (9.0, 9.0))), KEPT),
        (changed(Node("a", "linear", "A", {"speed": 0.0})), KEPT),
        (changed(Node("a", "linear", "A", {"bias": False})), KEPT - {"a"}),
        (changed(Node("a", "maxout", "A")), KEPT - {"a"}),
        (changed(Node("in", "columns", "In", {"columns": ["x"]})), KEPT - {"in", "a", "b"}),
        (changed(Node("c", "linear", "C"), wires=[*BEFORE.wires, Wire("in", "c"), Wire("c", "top")]), KEPT - {"top"}),
        (changed(Node("top", "minimum", "Top")), KEPT - {"top"}),
        (changed(wires=[wire for wire in BEFORE.wires if wire.source != "b"]), KEPT - {"b", "top"} | {"b"}),
    ],
)
def test_who_is_untouched(after, kept):
    assert untouched(BEFORE, after) == kept


def test_who_is_untouched_in_a_team():
    def folded(*more, outside="in"):
        nodes = (Node("in", "columns", "In"), Node("other", "columns", "Other", {"columns": ["x"]}))
        wires = (Wire(outside, "pair"), Wire("pair", "out"))
        return Graph("t", (*nodes, team("pair", [*PAIR, *more], PAIRED), Node("out", "estimate", "Out")), wires)

    inner = {f"pair/{node.id}" for node in PAIR}
    assert inner <= untouched(folded(), folded(Node("idle", "linear", "Idle")))
    assert inner - untouched(folded(), folded(outside="other")) == {"pair/task", "pair/a", "pair/b"}


def table(seed=0, shift=0.0):
    generator = np.random.default_rng(seed)
    x, z = generator.normal(shift, 1 + shift, size=(2, 80))
    return from_columns({"x": x, "z": z, "y": np.maximum(2 * x - z, 1 - x)})


def trained(graph, table, epochs, after=None):
    training = train(graph, table, "y", Settings(epochs=epochs, holdout=0), after=after)
    events = list(training)
    return Model(training.plan, training.parameters, "y"), events


def test_it_goes_on_where_it_was():
    first, events = trained(BEFORE, table(), 200)
    again, more = trained(BEFORE, table(), 1, after=first)
    assert_array_equal(again.plan.start(0), first.parameters)
    assert more[1].loss["out"].train == pytest.approx(events[-1].loss["out"].train, rel=1e-9)


def test_another_table_does_not_change_what_the_numbers_mean():
    first, _ = trained(BEFORE, table(), 200)
    elsewhere = table(seed=3, shift=4.0)
    training = train(BEFORE, elsewhere, "y", Settings(epochs=1, holdout=0), after=first)
    before = Model(training.plan, training.plan.start(0), "y")
    assert_allclose(before.predict(elsewhere), first.predict(elsewhere), rtol=1e-12)


def test_a_new_worker_begins_as_it_would_anyway():
    first, _ = trained(BEFORE, table(), 50)
    more = changed(Node("c", "linear", "C"), wires=[*BEFORE.wires, Wire("in", "c"), Wire("c", "top")])
    fresh, on = (train(more, table(), "y", Settings(epochs=1, holdout=0), after=after) for after in (None, first))
    found = {
        name: dict(zip([(p.node, p.name) for p in plan.program.parameters], plan.layout.views(flat), strict=True))
        for name, plan, flat in [
            ("first", first.plan, first.parameters),
            ("fresh", fresh.plan, fresh.plan.start(0)),
            ("on", on.plan, on.plan.start(0)),
        ]
    }
    for node in "ab":
        assert_array_equal(found["on"][node, "weights"], found["first"][node, "weights"])
    assert_array_equal(found["on"]["c", "weights"], found["fresh"]["c", "weights"])


def test_what_no_longer_fits_begins_afresh():
    first, _ = trained(BEFORE, table(), 50)
    wider = table()
    data = {column.name: wider.data[column.name] for column in wider.columns}
    wider = from_columns(data | {"w": np.random.default_rng(1).normal(size=80)})
    on, _ = trained(BEFORE, wider, 1, after=first)
    fresh, _ = trained(BEFORE, wider, 1)
    assert_array_equal(on.plan.start(0), fresh.plan.start(0))
