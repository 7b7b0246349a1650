"""How well a team does is judged by whatever trains it, and comes to what the model itself says."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from engine.table import from_columns
from engine.training.executor import Callbacks
from engine.training.judging import FEWEST_ROWS, MOST_MULTIPLICATIONS, MOST_ROWS, few_rows, judge
from engine.training.settings import Settings
from engine.training.train import train
from tests.engine.compiled import compiled
from tests.engine.graphs import graph, random_graph, random_groups, random_table


def wide(outputs):
    """A chain of three workers, `outputs` wide in between."""
    wide_worker = ("linear", {"width": outputs})
    nodes = {"in": "columns", "a": wide_worker, "b": wide_worker, "c": "linear", "out": "estimate"}
    return graph(nodes, "in -> a", "a -> b", "b -> c", "c -> out")


@compiled
@pytest.mark.parametrize("by", ["", "g"])
@pytest.mark.parametrize("seed", range(8))
def test_the_tape_and_the_callbacks_judge_alike_soft_and_hard(seed, by):
    generator = np.random.default_rng(seed)
    table = random_groups(generator, 150, 3) if by else random_table(generator, 150, 3)
    training = train(random_graph(generator, 6, 3, by), table, "y", Settings(seed=seed, holdout=0))
    assert training._executor.name == "tape"
    work, parameters, rows = training._work, training._state.parameters, training.parts.train
    for softness in (0.0, 0.7):
        expected = judge(Callbacks(work), work, parameters, rows, softness)
        assert_allclose(judge(training._executor, work, parameters, rows, softness), expected, rtol=1e-10)


def test_of_no_rows_nothing_is_said():
    training = train(wide(2), random_table(np.random.default_rng(0), 50, 3), "y", Settings(holdout=0))
    assert judge(training._executor, training._work, training._state.parameters, training.parts.holdout) == [None]


@pytest.mark.parametrize(("outputs", "rows"), [(1, MOST_ROWS), (200, None), (1_000, FEWEST_ROWS)])
def test_a_reading_judges_fewer_rows_of_larger_teams(outputs, rows):
    work = train(wide(outputs), random_table(np.random.default_rng(0), 50, 3), "y", Settings(holdout=0))._work
    assert few_rows(work) == (rows or MOST_MULTIPLICATIONS // work.plan.layout.size)


def test_what_a_reading_judges_is_spread_over_all_rows():
    """Rows that get noisier from the first to the last: the newest reading says about what the end says."""
    generator, rows = np.random.default_rng(3), 20_000
    x = generator.normal(size=rows)
    table = from_columns({"x": x, "y": x + np.linspace(0, 3, rows) * generator.normal(size=rows)})
    drawn = graph({"in": "columns", "a": "linear", "out": "estimate"}, "in -> a", "a -> out")
    events = list(train(drawn, table, "y", Settings(epochs=1), pace=lambda: 1 << 20))
    assert_allclose(events[-2].loss["out"].holdout, events[-1].loss["out"].holdout, rtol=0.25)
