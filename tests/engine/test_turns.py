"""Several teams that learn one target each for itself: what each hears, what it keeps, and what they come to."""

from itertools import pairwise

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from engine import starter
from engine.model import Model
from engine.table import from_columns
from engine.tape.executor import tape_for
from engine.training.checkpoint import from_arrays
from engine.training.executor import Callbacks
from engine.training.settings import Settings
from engine.training.train import train
from engine.training.turns import SHARED, before, deal, owners
from tests.engine.graphs import graph

TWO = graph(
    {"in": "columns", "a": "linear", "b": "linear", "out": "estimate"}, "in -> a", "in -> b", "a -> out", "b -> out"
)
APART = graph(
    {"in": "columns", "a": "linear", "b": "linear", "one": "estimate", "two": "estimate"},
    *("in -> a", "in -> b", "a -> one", "b -> two"),
)


def bent(rows=120, seed=0, target=lambda x, noise: np.abs(x[:, 0]) + x[:, 1] + 0.1 * noise):
    generator = np.random.default_rng(seed)
    x = generator.normal(size=(rows, 3))
    y = target(x, generator.normal(size=rows))
    return from_columns({"a": x[:, 0], "b": x[:, 1], "c": x[:, 2], "y": y})


def classes(rows=120):
    table = bent(rows)
    places = np.digitize(table.data["y"], [0.0, 1.0])
    return from_columns({**{name: table.data[name] for name in "abc"}, "y": [f"v{place}" for place in places]})


def learnt(graph, table, pace=lambda: 1 << 20, checkpoint=None, **options):
    training = train(graph, table, "y", Settings(**options), pace=pace, checkpoint=checkpoint)
    return training, list(training)


def parameters(training):
    views = training.plan.layout.views(training.parameters)
    return {(one.node, one.name): view for one, view in zip(training.plan.program.parameters, views, strict=True)}


def test_no_row_is_held_out_twice():
    few = from_columns({"x": [1.0, 2.0, 3.0], "y": [1.0, 3.0, 2.0]})
    first = next(iter(train(*starter.propose(few, "y")[:1], few, "y", starter.propose(few, "y")[1])))
    assert (first.train_rows, first.holdout_rows) == (3, 3)


@pytest.mark.parametrize("keep", ["last", "best"])
def test_what_several_share_is_learnt_as_well(keep):
    names = ("a", "b", "c")
    nodes = {"in": "columns", "shared": ("linear", {"width": 2}), "out": "estimate", **dict.fromkeys(names, "linear")}
    wires = [wire for name in names for wire in (f"shared -> {name}", f"{name} -> out")]
    table = bent(target=lambda x, noise: x[:, 0] - 2 * x[:, 1] + 0.01 * noise)
    training, events = learnt(graph(nodes, "in -> shared", *wires), table, turns=True, keep=keep, epochs=200)
    assert not np.array_equal(parameters(training)["shared", "weights"], starting(training)["shared", "weights"])
    assert events[-1].loss["out"].holdout < 0.01 * events[0].baseline["out"].holdout


def starting(training):
    views = training.plan.layout.views(training.plan.start(training.settings.seed))
    return {(one.node, one.name): view for one, view in zip(training.plan.program.parameters, views, strict=True)}


def test_every_row_is_learnt_from_by_some_and_judges_another():
    _, events = learnt(TWO, bent(300), turns=True, epochs=1)
    assert events[0].train_rows == 300


def test_whoever_begins_again_looks_at_no_row_that_is_kept_from_him():
    """Changing the targets of the rows that a voice is kept from changes nothing about it."""
    nodes = {"in": "columns", "p": "maximum", "q": "maximum", "out": "estimate"}
    nodes |= dict.fromkeys(("p0", "p1", "p2", "q0", "q1", "q2"), "linear")
    workers = [name for name in nodes if name[-1].isdigit()]
    wires = [wire for name in workers for wire in (f"in -> {name}", f"{name} -> {name[0]}")]
    drawn = graph(nodes, *wires, "p -> out", "q -> out")
    table = bent(200)
    kept_from = deal(np.arange(200), 2, 0)[0]
    other = table.data["y"].copy()
    other[kept_from] += 5 * np.random.default_rng(1).normal(size=len(kept_from))
    found = []
    for y in (table.data["y"], other):
        known = from_columns({**{name: table.data[name] for name in "abc"}, "y": y})
        training, _ = learnt(drawn, known, turns=True, epochs=60, standardise=False, softness=0.0, seed=0)
        found.append(training.plan.named(training._state.parameters))
    for node in ("p0", "p1", "p2"):
        for name, value in found[0][node].items():
            assert_array_equal(found[1][node][name], value, err_msg=node)


def test_each_learns_as_if_it_stood_alone():
    table = bent()
    together, apart = parameters(learnt(TWO, table, epochs=5)[0]), parameters(learnt(APART, table, epochs=5)[0])
    for key in apart:
        assert_allclose(together[key], apart[key], rtol=1e-12)


def test_the_estimate_is_their_average():
    table = bent()
    training, _ = learnt(TWO, table, epochs=5)
    model = Model(training.plan, training.parameters, "y")
    slots, _ = model.run(training.plan.preparation.apply(table))
    a, b = (slots[training.plan.results[name]] for name in "ab")
    target = training.plan.estimates[0].target
    assert_allclose(model.predict_array(table), target.told((a + b) / 2), rtol=1e-12)


def test_each_is_told_its_own_miss():
    reading = learnt(TWO, bent(), epochs=5)[1][-1]
    feedback = {wire: told["feedback"] for wire, told in reading.wires.items() if wire.endswith("->out")}
    results = {wire: told["result"] for wire, told in reading.wires.items() if wire.endswith("->out")}
    assert len(set(feedback.values())) == 2
    # The feedback of squares is twice the miss, so it differs by twice what the estimates differ by.
    (a, b), (told_a, told_b) = results.values(), feedback.values()
    assert told_a - told_b == pytest.approx(2 * (a - b), abs=1e-3)


@pytest.mark.parametrize("voices", [1, 2, 8])
def test_every_row_is_kept_from_as_many_as_any_other(voices):
    rows = np.arange(3, 100)
    aside = deal(rows, voices, seed=1)
    shares = max(voices, 5)
    assert all(abs(len(one) - len(rows) / shares) < 1 for one in aside)
    assert np.bincount(np.concatenate(aside), minlength=100).max() == 1
    assert set(np.concatenate(aside)) <= set(rows)
    assert (voices < 8) or set(np.concatenate(aside)) == set(rows)


def test_nobody_learns_from_the_rows_it_is_kept_from():
    """Other values in the rows that the third team is kept from change every team but the third."""
    table = bent()
    proposed, settings = starter.propose(table, "y")
    training = train(proposed, table, "y", settings)
    third = np.isnan(training._work.told[:, 2])
    assert 10 < third.sum() < 20
    batches, rates, softness = training._order.batches(0, 20), np.full(20, 0.01), np.zeros(20)
    before, _ = training._executor.advance(training._state, batches, rates, softness)
    training._work.told[third] += 1
    moved, _ = Callbacks(training._work).advance(training._state, batches, rates, softness)
    differs = np.abs(moved.parameters - before.parameters) > 1e-9
    everyone = owners(training.plan)
    assert not differs[everyone == 2].any()
    assert all(differs[everyone == team].any() for team in range(8) if team != 2)


@pytest.mark.parametrize("table", [bent(), classes(), bent(700)], ids=["numbers", "classes", "many rows"])
def test_tape_and_callbacks_train_and_answer_alike(table):
    proposed, settings = starter.propose(table, "y")
    training = train(proposed, table, "y", settings)
    work, state = training._work, training._state
    tape, callbacks = tape_for(work, 16), Callbacks(work)
    assert tape is not None
    batches = training._order.batches(0, 15)
    rates, softness = np.full(15, 0.01), np.zeros(15)
    found, losses = tape.advance(state, batches, rates, softness)
    expected, expected_losses = callbacks.advance(state, batches, rates, softness)
    assert_allclose(losses, expected_losses, rtol=1e-10)
    assert_allclose(found.parameters, expected.parameters, rtol=1e-8, atol=1e-9)
    rows = np.arange(5, table.rows)
    slots = [voice.slot for voice in work.plan.voices]
    pair = [executor.results(found.parameters, rows, slots) for executor in (tape, callbacks)]
    for answer, wanted in zip(*pair, strict=True):
        assert_allclose(answer, wanted, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize(("rows", "layers"), [(599, 1), (600, 3)])
def test_where_there_are_many_rows_pairs_stand_over_pairs(rows, layers):
    proposed, _ = starter.propose(bent(rows), "y")
    team = proposed.to_json()["nodes"][1]["settings"]["graph"]
    pairs = [node["id"] for node in team["nodes"] if node["kind"] == "maxout"]
    assert len(pairs) == layers
    assert {wire["source"] for wire in team["wires"] if wire["target"] == "weigh"} == set(pairs)
    chain = ["bend", *pairs]
    assert {(wire["source"], wire["target"]) for wire in team["wires"]} >= set(pairwise(chain))


def test_every_number_of_a_team_is_its_own_and_no_other():
    training = train(*_proposed(bent()))
    everyone = owners(training.plan)
    views = training.plan.layout.views(everyone.astype(float))
    names = [one.lower() for one in starter.TEAMS]
    for parameter, view in zip(training.plan.program.parameters, views, strict=True):
        assert (view == names.index(parameter.node.split("/")[0])).all()
    shared = train(graph({"in": "columns", "a": "linear", "b": ("same", {"worker": "a"}), "out": "estimate"},
                         *("in -> a", "in -> b", "a -> out", "b -> out")), bent(), "y")  # fmt: skip
    assert (owners(shared.plan) == SHARED).all()
    assert {step.node for step in before(training.plan, training.plan.voices[3].slot)} >= {"dani/line", "dani/bend"}


def test_each_keeps_its_own_best():
    table = bent(60)
    training, events = learnt(_proposed(table)[0], table, turns=True, keep="best", holdout=0.0, epochs=40)
    kept = training.checkpoint().outlook
    held = events[-1].loss["out"].holdout
    unit = training.plan.estimates[0].target.loss_unit
    assert held == pytest.approx(float(np.mean(kept.bests)) * unit, rel=1e-9)
    for reading in events[1:-1]:
        assert held <= reading.loss["out"].holdout + 1e-12


def test_a_checkpoint_goes_on_to_the_same_bits():
    table = bent(60)
    proposed, settings, options = _proposed(table)[0], starter.settings(60), {"pace": lambda: 7}
    whole = train(proposed, table, "y", settings, **options)
    assert sum(1 for _ in whole) > 3
    broken_off = train(proposed, table, "y", settings, **options)
    for event in broken_off:
        if event.step > 700:
            break
    again = from_arrays(broken_off.checkpoint().to_arrays())
    resumed = train(proposed, table, "y", settings, checkpoint=again)
    assert sum(1 for _ in resumed) >= 2
    assert_array_equal(resumed.parameters, whole.parameters)


def _proposed(table):
    proposed, settings = starter.propose(table, "y")
    return proposed, table, "y", settings
