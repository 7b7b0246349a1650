"""The exact solution of linear teams, against least squares, and that nothing else is taken for linear."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from engine.errors import DataRefused
from engine.model import Model
from engine.table import from_columns
from engine.training import exact
from engine.training.settings import Settings
from engine.training.train import train
from tests.engine.graphs import graph

TEAMS = {
    "one": graph({"in": "columns", "a": "linear", "out": "estimate"}, "in -> a", "a -> out"),
    "an average": graph(
        {"in": "columns", "a": "linear", "b": "linear", "mean": "average", "out": "estimate"},
        *("in -> a", "in -> b", "a -> mean", "b -> mean", "mean -> out"),
    ),
    "a difference and a constant": graph(
        {"in": "columns", "a": "linear", "b": "linear", "c": "constant", "d": "difference", "out": "estimate"},
        *("in -> a", "in -> b", "a -> d:plus", "c -> d:plus", "b -> d:less", "d -> out"),
    ),
    "several voices": graph(
        {"in": "columns", "a": "linear", "b": "linear", "out": "estimate"},
        *("in -> a", "in -> b", "a -> out", "b -> out"),
    ),
}
OTHERS = {
    "a bend": graph(
        {"in": "columns", "a": "linear", "bend": "relu", "out": "estimate"}, "in -> a", "a -> bend", "bend -> out"
    ),
    "a chain": graph(
        {"in": "columns", "a": "linear", "b": "linear", "out": "estimate"}, "in -> a", "a -> b", "b -> out"
    ),
    "bounds": graph(
        {"in": "columns", "a": ("linear", {"weights": "never below zero"}), "out": "estimate"}, "in -> a", "a -> out"
    ),
    "one who learns nothing": graph(
        {"in": "columns", "a": ("linear", {"speed": 0}), "out": "estimate"}, "in -> a", "a -> out"
    ),
    "parameters that are shared": graph(
        {"in": "columns", "a": "linear", "b": ("same", {"worker": "a"}), "sum": "addition", "out": "estimate"},
        *("in -> a", "in -> b", "a -> sum", "b -> sum", "sum -> out"),
    ),
}


def rows(count=50):
    generator = np.random.default_rng(2)
    x = generator.normal(size=(count, 3)) * [0.1, 1, 10] + 5
    return x, x @ [3.0, -2, 0.5] + 7 + generator.normal(size=count)


def table(*, x_y=None):
    x, y = x_y or rows()
    return from_columns({"a": x[:, 0], "b": x[:, 1], "c": x[:, 2], "y": y})


@pytest.mark.parametrize("standardise", [True, False])
@pytest.mark.parametrize("team", TEAMS.values(), ids=TEAMS)
def test_a_linear_team_is_solved_by_least_squares(team, standardise):
    x, y = rows()
    training = train(team, table(), "y", Settings(solve=True, holdout=0.0, standardise=standardise))
    events = list(training)
    weights = np.linalg.lstsq(np.c_[x, np.ones(50)], y, rcond=None)[0]
    wanted = np.c_[x, np.ones(50)] @ weights
    found = Model(training.plan, training.parameters, "y").predict_array(table())[:, 0]
    assert_allclose(found, wanted, rtol=1e-9)
    assert events[-1].reason == "solved"
    best = events[0].best["out"].train
    assert best == pytest.approx(np.mean((wanted - y) ** 2), rel=1e-9)
    assert events[-1].loss["out"].train == pytest.approx(best, rel=1e-12)


def test_training_comes_near_and_never_below():
    events = list(train(TEAMS["an average"], table(), "y", Settings(epochs=400)))
    best, end = events[0].best["out"].train, events[-1].loss["out"].train
    assert best <= end * (1 + 1e-9) and end == pytest.approx(best, rel=0.05)


@pytest.mark.parametrize("team", OTHERS.values(), ids=OTHERS)
def test_what_cannot_be_solved_is_not(team):
    assert next(iter(train(team, table(), "y"))).best == {}
    with pytest.raises(DataRefused, match="cannot be solved"):
        train(team, table(), "y", Settings(solve=True))


def test_another_loss_has_no_exact_solution():
    assert next(iter(train(TEAMS["one"], table(), "y", Settings(loss="absolute")))).best == {}


@pytest.mark.parametrize("price", [{"l1": 0.1}, {"l2": 0.1}])
def test_where_sizes_cost_something_nothing_is_solved_or_offered(price):
    with pytest.raises(DataRefused, match="L1 or L2 is set"):
        train(TEAMS["one"], table(), "y", Settings(solve=True, **price))
    assert next(iter(train(TEAMS["one"], table(), "y", Settings(epochs=1, **price)))).best == {}


def test_what_takes_long_is_solved_for_those_who_ask_alone(monkeypatch):
    monkeypatch.setattr(exact, "MOST_NUMBERS", 10)
    assert next(iter(train(TEAMS["one"], table(), "y"))).best == {}
    assert list(train(TEAMS["one"], table(), "y", Settings(solve=True)))[-1].reason == "solved"


def test_a_column_that_nobody_reads_has_no_say():
    team = graph({"in": ("columns", {"columns": ["a"]}), "a": "linear", "out": "estimate"}, "in -> a", "a -> out")
    x, y = rows()
    best = next(iter(train(team, table(), "y", Settings(holdout=0.0)))).best["out"].train
    line = np.c_[x[:, 0], np.ones(50)]
    assert best == pytest.approx(np.mean((line @ np.linalg.lstsq(line, y, rcond=None)[0] - y) ** 2), rel=1e-9)
