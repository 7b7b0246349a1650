"""Small teams end near the best fit rather than in the first bad corner, whatever the seed."""

import numpy as np
import pytest

from engine import starter
from engine.errors import DataRefused
from engine.model import Model
from engine.table import from_columns
from engine.training.settings import Settings
from engine.training.train import train
from tests.engine.graphs import graph

SEEDS = 20
AT_ONCE = 1 << 20


def team(combinator, members):
    names = [f"w{place}" for place in range(members)]
    nodes = {"in": "columns", **dict.fromkeys(names, "linear"), "all": combinator, "out": "estimate"}
    return graph(nodes, *(f"in -> {name}" for name in names), *(f"{name} -> all" for name in names), "all -> out")


def estimates(graph, data, settings):
    table = from_columns(data)
    training = train(graph, table, "y", settings, pace=lambda: AT_ONCE)
    for _ in training:
        pass
    return Model(training.plan, training.parameters, "y").predict_array(table)[:, 0]


def off(told, wanted):
    """The root mean square miss, as a share of the spread."""
    return float(np.sqrt(np.mean((told - wanted) ** 2)) / np.std(wanted))


def test_a_minimum_of_two_fits_an_inverted_u():
    dose = np.linspace(0, 10, 120)
    wanted = np.minimum(3 * dose + 1, 20 - dose)
    found = [
        off(estimates(team("minimum", 2), {"dose": dose, "y": wanted}, Settings(seed=seed, holdout=0.0)), wanted)
        for seed in range(SEEDS)
    ]
    assert max(found) < 1e-3


def subsidies(rows=240):
    """The subsidy counts only in California, only for renewables, and only in certain years."""
    generator = np.random.default_rng(4)
    california, renewables = generator.integers(0, 2, (2, rows))
    year = generator.integers(2000, 2025, rows)
    granted = (year >= 2009) & (year < 2016)
    cost = 4 + 1.5 * california + renewables - 3 * (california & renewables & granted)
    return {"California": california * 1.0, "Renewables": renewables * 1.0, "Year": year * 1.0}, granted * 1.0, cost


def test_a_minimum_of_two_learns_what_takes_three_to_be_true():
    columns, granted, cost = subsidies()
    data = {**columns, "Year": granted, "y": cost}
    found = [off(estimates(team("minimum", 2), data, Settings(seed=seed, holdout=0.0)), cost) for seed in range(SEEDS)]
    assert max(found) < 1e-3


def test_the_starter_learns_that_the_subsidy_counts_in_certain_years():
    columns, _, cost = subsidies(600)
    data = {**columns, "y": cost}
    proposed, settings = starter.propose(from_columns(data), "y")
    line = np.c_[np.array(list(columns.values())).T, np.ones(len(cost))]
    straight = off(line @ np.linalg.lstsq(line, cost, rcond=None)[0], cost)
    assert off(estimates(proposed, data, settings), cost) < 0.4 * straight


@pytest.mark.parametrize("column", [np.ones(50), np.arange(50) * 1e200], ids=["constant", "too large"])
def test_nothing_to_learn_from_is_said_in_a_sentence(column):
    table = from_columns({"a": column, "y": np.arange(50.0)})
    graph, settings = starter.propose(table, "y")
    with pytest.raises(DataRefused, match="no column to learn from: 'a'"):
        train(graph, table, "y", settings)


def planted(seed, rows=2000):
    """Four planes of which each wins at least a twelfth of the rows: x, what they come to, and that with noise."""
    generator = np.random.default_rng([seed, 9])
    while True:
        x, slopes, heights = (generator.normal(size=shape) for shape in ((rows, 3), (3, 4), 4))
        planes = x @ slopes + heights / 2
        if np.bincount(planes.argmax(axis=1), minlength=4).min() >= rows / 12:
            wanted = planes.max(axis=1)
            noise = 0.1 * wanted.std()
            return x, wanted, wanted + noise * generator.normal(size=rows), noise


@pytest.mark.slow
def test_a_maximum_of_four_recovers_four_planted_planes():
    recovered = 0
    for seed in range(100):
        x, wanted, seen, noise = planted(seed)
        data = {"a": x[:, 0], "b": x[:, 1], "c": x[:, 2], "y": seen}
        told = estimates(team("maximum", 4), data, Settings(seed=seed))
        recovered += bool(np.sqrt(np.mean((told - wanted) ** 2)) < 0.3 * noise)
    assert recovered >= 95
