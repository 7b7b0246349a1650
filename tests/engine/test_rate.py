"""The rate that "auto" comes to: safe however many workers are added up."""

import numpy as np
import pytest

from engine import optimizer as optimizers
from engine.table import from_columns
from engine.training.settings import Settings
from engine.training.train import train
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


def test_a_rate_that_is_given_is_taken():
    assert train(team("addition", 8), alike(), "y", Settings(optimizer="sgd", learning_rate=3.0)).learning_rate == 3.0
