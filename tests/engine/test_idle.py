"""Workers that never win are seen, and begin again beside the winner that most of the loss comes from."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from engine.model import Model
from engine.training import idle
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


def wins(training, table, combinator="maximum"):
    model = Model(training.plan, training.parameters, "y")
    slots, _ = model.run(training.plan.preparation.apply(table))
    estimates = np.hstack([slots[training.plan.results[name]] for name in ("w0", "w1", "w2")])
    return np.bincount((estimates if combinator == "maximum" else -estimates).argmax(axis=1), minlength=3)


@pytest.mark.parametrize("combinator", ["maximum", "minimum"])
def test_an_idle_worker_takes_half_of_a_winners_rows(combinator):
    table, training = begun(combinator)
    before = wins(training, table, combinator)
    assert before[1] == 0
    found = idle.contests(training.plan)
    state, who = idle.revived(training._work, found, training._state, training.parts.train, 0.5)
    assert who == {"w1"}
    training._state = state
    after = wins(training, table, combinator)
    assert any(abs(after[1] - before[place] / 2) <= before[place] * 0.02 + 1 for place in (0, 2))
    memory = training.plan.named(state.memory[0])
    assert not memory["w1"]["weights"].any() and memory["w0"]["weights"].all()


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
    same = idle.TILT * 4 * np.abs(now["w2"]["weights"]).max()
    assert distance[1] < min(same, distance[0] + same)
    assert_array_equal(now["w2"]["weights"], named["w2"]["weights"])


def wins_of(training, table):
    slots, _ = Model(training.plan, training.parameters, "y").run(training.plan.preparation.apply(table))
    return np.hstack([slots[training.plan.results[name]] for name in ("w0", "w1", "w2")]).argmax(axis=1)


def test_everyone_works_in_the_end_and_readings_say_who_did_not():
    table, training = begun()
    told = [event for event in training if event.kind == "reading"]
    assert any(event.nodes["w1"].get("idle") for event in told)
    assert not told[-1].nodes["w1"].get("idle")
    assert wins(training, table)[1] > 0
    table, training = begun(revive=False)
    assert not any(event.nodes["w1"].get("idle") for event in training if event.kind == "reading")
    assert wins(training, table)[1] == 0


def test_it_does_not_matter_at_which_pace():
    parameters = []
    for pace in (7, 1000):
        _, training = begun()
        training._conduct = type(training._conduct)(lambda pace=pace: pace, training._conduct.clock)
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
