"""The rate that "auto" comes to: safe however many workers are added up, or stand one behind the other."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from engine import optimizer as optimizers
from engine.table import from_columns
from engine.tape.executor import Tape
from engine.training import rate
from engine.training.settings import Settings
from engine.training.train import train
from engine.training.tries import STEPS
from tests.engine.compiled import compiled
from tests.engine.graphs import graph
from tests.engine.test_fits import team


def alike(columns=8, rows=200):
    """Columns that nearly say the same, for which the loss bends sharply one way."""
    generator = np.random.default_rng(5)
    common = generator.normal(size=(rows, 1))
    x = common + 0.1 * generator.normal(size=(rows, columns))
    return from_columns({**{f"x{place}": column for place, column in enumerate(x.T)}, "y": x.sum(axis=1) + 1})


@pytest.mark.parametrize("optimizer", sorted(optimizers.catalogue()))
@pytest.mark.parametrize("combinator", ["addition", "average"])
def test_a_sum_of_eight_trains_as_safely_as_an_average(combinator, optimizer):
    *_, last = train(team(combinator, 8), alike(), "y", Settings(optimizer=optimizer), pace=lambda: 1 << 20)
    assert last.kind == "finished"
    assert last.loss["out"].train < 0.05 * np.var(alike().data["y"])


def test_the_usual_rate_runs_away_with_a_sum_of_eight():
    usual = optimizers.catalogue()["sgd"].rate
    settings = Settings(optimizer="sgd", learning_rate=usual)
    *_, last = train(team("addition", 8), alike(), "y", settings, pace=lambda: 1 << 20)
    assert last.kind == "diverged"


def test_the_rate_is_one_over_the_sharpest_bend():
    one = graph({"in": "columns", "a": "linear", "out": "estimate"}, "in -> a", "a -> out")
    training = train(one, alike(), "y", Settings(optimizer="sgd", holdout=0.0))
    x = np.c_[training._work.features, np.ones(200)]
    sharpest = 2 * np.linalg.eigvalsh(x.T @ x / 200)[-1]
    assert training.learning_rate == pytest.approx(min(1 / sharpest, optimizers.catalogue()["sgd"].rate), rel=0.06)
    assert training.learning_rate < optimizers.catalogue()["sgd"].rate


def test_who_learns_faster_counts_for_more_and_who_is_frozen_for_nothing():
    def rate(**given):
        nodes = {"in": "columns", "a": "linear", "out": "estimate", "b": ("linear", given)}
        drawn = graph(nodes, "in -> a", "in -> b", "a -> out", "b -> out")
        return train(drawn, alike(), "y", Settings(optimizer="sgd", holdout=0.0)).learning_rate

    assert rate(speed=50.0) == pytest.approx(rate() / 50, rel=0.1)
    assert rate(speed=0.0) == pytest.approx(rate(), rel=0.1)  # two that share nothing are as sharp as one


def test_a_rate_that_is_given_is_taken():
    assert train(team("addition", 8), alike(), "y", Settings(optimizer="sgd", learning_rate=3.0)).learning_rate == 3.0


def chain(bends, width=1, bend="tanh"):
    """Workers with a bend behind each, one behind the other, and one more at the end."""
    names = ["in", *(f"{kind}{place}" for place in range(bends) for kind in ("w", "b")), "last", "out"]
    kinds = {"w": ("linear", {"width": width}), "b": bend}
    nodes = {name: kinds[name[0]] for name in names[1:-2]}
    wires = (f"{one} -> {other}" for one, other in pairwise(names))
    return graph({"in": "columns", **nodes, "last": "linear", "out": "estimate"}, *wires)


@pytest.mark.parametrize("seed", range(4))
def test_a_long_chain_learns_what_the_usual_rate_throws_it_off(seed):
    usual = train(chain(10, 8), alike(), "y", Settings(learning_rate=0.05, seed=seed), pace=lambda: 1 << 20)
    auto = train(chain(10, 8), alike(), "y", Settings(seed=seed), pace=lambda: 1 << 20)
    assert auto.learning_rate < usual.learning_rate
    (*_, thrown), (*_, learnt) = usual, auto
    assert learnt.loss["out"].holdout < thrown.loss["out"].holdout / 20


def attempted(ends, given, **resolved):
    """The rate for a chain whose tries end with these losses, and the rates that were tried."""
    training, tried = train(given, alike(), "y", Settings(learning_rate=0.05)), []

    def attempt(one):
        tried.append(one)
        return ends[len(tried) - 1]

    how = replace(training.resolved, **resolved)
    return rate.safe(training._work, training.parts.train, training._state.parameters, how, attempt), tried


@pytest.mark.parametrize(
    "ends, found",
    [
        ((1.0, 1.0, 1.0, 1.0), 0.05),
        ((1.4, 1.0, 1.5, 3.0), 0.05),
        ((1.6, 1.4, 1.0, 3.0), 0.02),
        ((9.0, 8.0, 3.1, 2.0), 0.0032),
        ((np.inf, 6.0, 5.0, 4.0), 0.02),
        ((np.inf, np.inf, np.inf, np.inf), 0.0032),
        ((0.0, 0.0, 0.0, 0.0), 0.05),
    ],
)
def test_the_highest_rate_is_taken_that_ends_within_half_again_the_best(ends, found):
    told, tried = attempted(ends, chain(2))
    assert told == found
    assert tried == pytest.approx([0.05, 0.02, 0.008, 0.0032])


@pytest.mark.parametrize(
    "given, resolved",
    [
        (chain(1), {}),
        (team("addition", 8), {}),
        (chain(2), {"steps": 399}),
        (chain(2, 400), {"batch_size": 1 << 20}),
    ],
    ids=["two in series", "side by side", "few steps", "many parameters"],
)
def test_nothing_is_tried_where_it_tells_nothing_or_takes_long(given, resolved):
    assert attempted((), given, **resolved) == (0.05, [])


def test_only_those_who_learn_count_as_standing_in_series():
    def counted(given):
        return rate.in_series(train(given, alike(), "y", Settings(learning_rate=0.05)).plan)

    assert counted(chain(0)) == 1
    assert counted(chain(4)) == counted(chain(4, bend="relu")) == 5
    assert counted(chain(4, bend="spline")) == 9
    held = {"in": "columns", "a": ("linear", {"speed": 0}), "b": "linear", "c": "linear", "out": "estimate"}
    assert counted(graph(held, "in -> a", "a -> b", "b -> c", "c -> out")) == 2
    beside = {"in": "columns", "a": "linear", "b": "linear", "c": "linear", "sum": "addition", "out": "estimate"}
    assert counted(graph(beside, "in -> a", "a -> b", "in -> c", "b -> sum", "c -> sum", "sum -> out")) == 2


@compiled
@pytest.mark.parametrize("rows, tried", [(4, 4), (16, 16), (100, 16)])
def test_tries_take_few_rows_at_once(monkeypatch, rows, tried):
    seen = set()

    def advance(executor, state, batches, *given):
        seen.update(np.diff(batches.starts).tolist())
        return taken(executor, state, batches, *given)

    taken = Tape.advance
    monkeypatch.setattr(Tape, "advance", advance)
    auto = train(chain(3), alike(), "y", Settings(epochs=200, batch_size=rows))
    assert max(seen) == tried and auto.resolved.batch_size == rows


def test_a_try_changes_nothing_about_the_training():
    """The run after it is the one in which its rate is given, to the last bit."""
    auto = train(chain(3), alike(), "y", Settings(epochs=50), pace=lambda: 700)
    given = train(chain(3), alike(), "y", Settings(epochs=50, learning_rate=auto.learning_rate), pace=lambda: 90)
    assert auto.resolved.steps >= STEPS
    (*_, one), (*_, other) = auto, given
    np.testing.assert_array_equal(auto.parameters, given.parameters)
    assert one.loss == other.loss


def test_the_callbacks_come_to_the_same_rate(monkeypatch):
    rates = [train(chain(8), alike(), "y", Settings(epochs=25)).learning_rate]
    monkeypatch.setattr("engine.tape.executor.library", lambda: None)
    rates.append(train(chain(8), alike(), "y", Settings(epochs=25)).learning_rate)
    assert rates[0] == rates[1] < 0.05
