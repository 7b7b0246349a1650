"""What holds for every schedule: where it begins and ends, its formula, and that a team learns by it."""

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose

from engine.schedule import catalogue
from engine.table import from_columns
from engine.training.settings import Settings
from engine.training.train import train
from engine.wiggling import sealed
from tests.engine.graphs import graph

SCHEDULES = sorted(catalogue())
each_schedule = pytest.mark.parametrize("name", SCHEDULES)


def warm_up(share):
    if share < 0.05:
        return share / 0.05
    return (1 + math.cos(math.pi * (share - 0.05) / 0.95)) / 2


WRITTEN_OUT = {
    "constant": lambda share: 1.0,
    "cosine": lambda share: (1 + math.cos(math.pi * share)) / 2,
    "decay": lambda share: 10 ** (-2 * share),
    "plateau": lambda share: 1.0,
    "warm_up": warm_up,
}


def test_every_schedule_is_written_out():
    assert sorted(WRITTEN_OUT) == SCHEDULES


@each_schedule
@pytest.mark.parametrize("steps", [3, 30, 300])
def test_it_goes_as_its_formula_says(name, steps):
    progress = sealed(np.linspace(0, 1, steps))
    found = catalogue()[name].factor(progress)
    assert_allclose(found, [WRITTEN_OUT[name](share) for share in progress], rtol=1e-12, atol=1e-15)
    assert found.shape == (steps,) and (found >= 0).all() and (found <= 1).all()


@each_schedule
def test_it_jumps_nowhere(name):
    assert np.abs(np.diff(catalogue()[name].factor(np.linspace(0, 1, 10_001)))).max() < 0.003


@each_schedule
def test_a_part_of_the_way_is_as_in_the_whole(name):
    factor, progress = catalogue()[name].factor, np.linspace(0, 1, 101)
    assert_allclose(np.concatenate([factor(progress[:40]), factor(progress[40:])]), factor(progress))


@each_schedule
@pytest.mark.parametrize("scale", [0.1, 1, 10])
def test_a_line_is_found_whatever_the_size_of_the_numbers(name, scale):
    x = np.random.default_rng(5).normal(size=200)
    table = from_columns({"x": scale * x, "y": scale * (3 * x + 1)})
    drawn = graph({"in": "columns", "a": "linear", "y": "estimate"}, "in -> a", "a -> y")
    *_, last = train(drawn, table, "y", Settings(schedule=name, epochs=100, holdout=0.2))
    assert last.loss["y"].train < 1e-3 * scale**2


@each_schedule
def test_it_describes_itself(name):
    schedule = catalogue()[name]
    assert schedule.title and schedule.help.endswith(".")


@pytest.mark.parametrize("name", SCHEDULES)
def test_one_that_halves_the_rate_looks_on_the_way(name):
    assert Settings(schedule=name).looks == catalogue()[name].halves
