"""Workers that never win, or hardly, are seen, and begin again beside the winner that most of the loss comes from."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from engine.callbacks import run
from engine.model import Model
from engine.primitive import Moment
from engine.table import from_columns
from engine.training import idle, tilt
from engine.training.executor import State
from engine.training.settings import Settings
from engine.training.train import train
from tests.engine.graphs import graph
from tests.engine.test_fits import team
from tests.engine.test_turns import bent

HARD = {"softness": 0.0, "holdout": 0.0, "epochs": 40}


def begun(combinator="maximum", **options):
    """A team whose second worker is far from winning anything, and what it was before the training."""
    table = bent()
    training = train(team(combinator, 3), table, "y", Settings(**HARD, **options), pace=lambda: 50)
    flat = training._state.parameters.copy()
    named = training.plan.named(flat)
    named["w1"]["bias"][...] = -1000 if combinator == "maximum" else 1000
    memory = tuple(np.ones_like(vector) for vector in training._state.memory)
    training._state = State(flat, memory, 0)
    return table, training


def planes(combinator="maximum", floor=0.0):
    """Two planes that win a half of the rows each; a floor between them, where there is one, takes some of both."""
    x = np.random.default_rng(8).normal(size=(600, 3))
    wanted = np.maximum(np.abs(2 * x[:, 0] + x[:, 1]), floor)
    y = wanted if combinator == "maximum" else -wanted
    return from_columns({"a": x[:, 0], "b": x[:, 1], "c": x[:, 2], "y": y})


def set_up(combinator, heights, floor=0.0):
    """A team that knows the two planes (w0, w1) and has a third worker that is level, each so much too high."""
    sign = 1 if combinator == "maximum" else -1
    settings = Settings(**HARD, standardise=False)
    training = train(team(combinator, 3), planes(combinator, floor), "y", settings, pace=lambda: 50)
    flat = training._state.parameters.copy()
    named = training.plan.named(flat)
    for name, slope, height in zip(("w0", "w1", "w2"), (1, -1, 0), heights, strict=True):
        named[name]["weights"][...] = sign * slope * np.array([[2.0, 1.0, 0.0]])
        named[name]["bias"][...] = sign * height
    return training, State(flat, training._state.memory, 0)


def wins_of(training, table, combinator="maximum"):
    """By row, which of three workers wins."""
    slots, _ = Model(training.plan, training.parameters, "y").run(training.plan.preparation.apply(table))
    estimates = np.hstack([slots[training.plan.results[name]] for name in ("w0", "w1", "w2")])
    return (estimates if combinator == "maximum" else -estimates).argmax(axis=1)


@pytest.mark.parametrize("combinator", ["maximum", "minimum"])
def test_an_idle_worker_takes_half_of_a_winners_rows(combinator):
    training, state = set_up(combinator, (0.2, 0.1, -9.0))
    state = State(state.parameters, tuple(np.ones_like(vector) for vector in state.memory), 0)
    training._state, table = state, planes(combinator)
    before = wins_of(training, table, combinator)
    assert set(before) == {0, 1}
    found = idle.contests(training.plan)
    training._state, who = idle.revived(training._work, found, state, training.parts.train, 0.5)
    assert who == {"w2"}
    taken = wins_of(training, table, combinator) == 2
    assert any(taken[before == place].mean() == pytest.approx(0.5, abs=0.02) for place in (0, 1))
    memory = training.plan.named(training._state.memory[0])
    assert not memory["w2"]["weights"].any() and memory["w0"]["weights"].all()


def test_it_stands_beside_the_winner_who_loses_most():
    table, training = begun()
    named = training.plan.named(training._state.parameters)
    for name, height in (("w0", 0.0), ("w2", 0.0)):
        named[name]["bias"][...] = height
    rows, work = training.parts.train, training._work
    work.targets[:] = np.where(wins_of(training, table)[:, None] == 2, 30.0, 0.0)
    state, _ = idle.revived(work, idle.contests(training.plan), training._state, rows, 0.5)
    now = training.plan.named(state.parameters)
    distance = [np.abs(now["w1"]["weights"] - now[name]["weights"]).max() for name in ("w0", "w2")]
    same = tilt.SHARE * 4 * np.abs(now["w2"]["weights"]).max()
    assert distance[1] < min(same, distance[0] + same)
    assert_array_equal(now["w2"]["weights"], named["w2"]["weights"])


def test_everyone_works_in_the_end_and_readings_say_who_did_not():
    table, training = begun()
    told = [event for event in training if event.kind == "reading"]
    assert any(event.nodes["w1"].get("idle") for event in told)
    assert not told[-1].nodes["w1"].get("idle")
    assert 1 in wins_of(training, table)
    table, training = begun(revive=False)
    assert not any(event.nodes["w1"].get("idle") for event in training if event.kind == "reading")
    assert 1 not in wins_of(training, table)


def test_it_does_not_matter_at_which_pace():
    parameters = []
    for pace in (7, 1000):
        _, training = begun()
        training._conduct = replace(training._conduct, pace=lambda pace=pace: pace)
        assert sum(1 for _ in training) > 2
        parameters.append(training.parameters)
    assert_array_equal(*parameters)


def test_only_workers_of_their_own_are_given_another_start():
    shared = graph(
        {"in": "columns", "a": "linear", "b": ("same", {"worker": "a"}), "max": "maximum", "out": "estimate"},
        *("in -> a", "in -> b", "a -> max", "b -> max", "max -> out"),
    )
    assert idle.contests(train(shared, bent(), "y").plan) == []
    held = graph(
        {"in": "columns", "a": "linear", "b": ("linear", {"speed": 0}), "max": "maximum", "out": "estimate"},
        *("in -> a", "in -> b", "a -> max", "b -> max", "max -> out"),
    )
    assert idle.contests(train(held, bent(), "y").plan) == []
    assert len(idle.contests(train(team("maximum", 4), bent(), "y").plan)) == 1


def begun_again(training, state, share=0.5):
    """Who has other parameters after a look, and who was idle."""
    found = idle.contests(training.plan)
    after, who = idle.revived(training._work, found, state, training.parts.train, share)
    before, now = training.plan.named(state.parameters), training.plan.named(after.parameters)
    return {name for name in before if not np.array_equal(before[name]["weights"], now[name]["weights"])}, who


@pytest.mark.parametrize("combinator", ["maximum", "minimum"])
def test_of_those_who_win_the_one_worth_least_begins_again_if_that_is_little(combinator):
    training, state = set_up(combinator, (0.2, 0.1, 0.3))
    assert begun_again(training, state) == ({"w2"}, frozenset())
    assert begun_again(training, state, share=0.9) == (set(), frozenset())
    training, state = set_up(combinator, (0.2, 0.1, -9.0))
    assert begun_again(training, state) == ({"w2"}, frozenset({"w2"}))
    training, state = set_up(combinator, (0.2, 0.1, 1.4), floor=1.5)
    assert begun_again(training, state) == (set(), frozenset())


def test_what_a_worker_is_worth_is_what_would_be_lost_without_it():
    """The voice says a half of the maximum and of one more; the bound is the loss without each, worked out in full."""
    names = {f"w{place}": "linear" for place in range(3)}
    wires = (*(f"in -> {name}" for name in (*names, "z")), *(f"{name} -> max" for name in names))
    drawn = graph(
        {"in": "columns", **names, "z": "linear", "max": "maximum", "mean": "average", "out": "estimate"},
        *(*wires, "max -> mean", "z -> mean", "mean -> out"),
    )
    training = train(drawn, planes(), "y", Settings(**HARD, seed=3))
    (contest,), work, flat = idle.contests(training.plan), training._work, training._state.parameters
    views, target = training.plan.layout.views(flat), work.targets[:, 0]
    slots = run(training.plan.program, work.features, views, Moment())[0]
    slope = idle._slope(training.plan, contest, slots, views)
    standing = idle._standing(contest, slots, slope, target)
    estimates = np.hstack([slots[slot] for slot in contest.step.inputs])
    other = slots[training.plan.results["z"]][:, 0]
    for place in range(3):
        without = (np.delete(estimates, place, axis=1).max(axis=1) + other) / 2
        whole = (estimates.max(axis=1) + other) / 2
        assert standing.worth[place] == pytest.approx(((without - target) ** 2 - (whole - target) ** 2).sum())
    assert_allclose(standing.misses, target - (estimates.max(axis=1) + other) / 2)


def test_a_worker_begins_only_beside_one_with_the_same_task():
    drawn = graph(
        {"in": "columns", "one": ("columns", {"columns": ["a"]}), "w0": "linear", "w1": "linear", "w2": "linear"}
        | {"max": "maximum", "out": "estimate"},
        *("in -> w0", "one -> w1", "one -> w2", "w0 -> max", "w1 -> max", "w2 -> max", "max -> out"),
    )
    training = train(drawn, planes(), "y", Settings(**HARD))
    flat = training._state.parameters.copy()
    named = training.plan.named(flat)
    named["w1"]["bias"][...] = -1000
    assert begun_again(training, State(flat, training._state.memory, 0)) == ({"w1"}, frozenset({"w1"}))
    named["w2"]["bias"][...] = -1000
    assert begun_again(training, State(flat, training._state.memory, 0)) == (set(), frozenset({"w1", "w2"}))


def test_classes_are_told_by_maxima_that_begin_again():
    table = planes()
    names = np.digitize(table.data["y"], [1, 3]).astype(str)
    told = from_columns({**{name: table.data[name] for name in "abc"}, "y": [f"band {name}" for name in names]})
    drawn = graph(
        {"in": "columns", "w0": "linear", "w1": "linear", "max": "maximum", "out": "estimate"}
        | {"scores": ("linear", {"width": 3})},
        *("in -> w0", "in -> w1", "w0 -> max", "w1 -> max", "max -> scores", "scores -> out"),
    )
    training = train(drawn, told, "y", Settings(**HARD))
    flat = training._state.parameters.copy()
    training.plan.named(flat)["w1"]["bias"][...] = -1000
    assert begun_again(training, State(flat, training._state.memory, 0)) == ({"w1"}, frozenset({"w1"}))


@pytest.mark.parametrize("scale", [0.1, 1, 10])
def test_the_tilt_goes_where_the_rows_bend(scale):
    generator = np.random.default_rng(6)
    task = generator.normal(size=(2000, 3)) * np.array([1.0, 5.0, 0.0]) * scale
    along = task @ (np.array([2.0, -0.1, 7.0]) / scale)
    misses = np.abs(along) + task @ np.array([3.0, 1.0, 0.0]) / scale + 4 + 0.5 * generator.normal(size=2000)
    weights, bias = np.array([[1.0, 2.0, 3.0]]), np.array([0.5])
    tilts = []
    for seed in range(8):
        tilted, at = tilt.tilted(weights, bias, task, misses, np.random.default_rng(seed))
        tilts.append((tilted - weights)[0])
        higher = task @ tilts[-1] + at - bias > 0
        assert higher.mean() == pytest.approx(0.5, abs=0.01)
        assert abs(np.corrcoef(task @ tilts[-1], along)[0, 1]) > 0.97
    assert len({tuple(np.sign(one)) for one in tilts}) == 2
    assert (task @ tilts[0]).std() == pytest.approx(tilt.SHARE * (task @ weights[0]).std())


@pytest.mark.parametrize(
    "rows, columns, misses",
    [(9, 3, 1.0), (500, 101, 1.0), (500, 3, 0.0), (500, 3, np.inf)],
    ids=["few rows", "many columns", "nothing missed", "endless"],
)
def test_where_no_bend_can_be_told_the_tilt_is_drawn(rows, columns, misses):
    generator = np.random.default_rng(6)
    task, weights = generator.normal(size=(rows, columns)), generator.normal(size=(1, columns))
    told = misses * np.ones(rows)
    with np.errstate(invalid="ignore"):
        found = [
            tilt.tilted(weights, np.zeros(1), task, told, np.random.default_rng(seed))[0] - weights
            for seed in (1, 1, 2)
        ]
    assert_array_equal(found[0], found[1])
    assert abs(np.vdot(found[0], found[2])) < 0.99 * np.linalg.norm(found[0]) * np.linalg.norm(found[2])
    assert np.linalg.norm(found[0]) == pytest.approx(tilt.SHARE * np.linalg.norm(weights))
