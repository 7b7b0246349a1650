"""The best line, against least squares and likelihoods worked out another way."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from engine import line
from engine.table import from_columns
from engine.training.settings import Settings
from engine.training.train import train
from tests.engine.graphs import graph

ONE = graph(
    {"in": "columns", "a": ("linear", {"begins": "at the best line"}), "out": "estimate"}, "in -> a", "a -> out"
)


def rows(count=80, columns=4, seed=0, noise=0.3):
    generator = np.random.default_rng(seed)
    task = generator.normal(size=(count, columns)) + 1
    return task, task @ np.arange(1.0, columns + 1) + 2 + noise * generator.normal(size=count)


@pytest.mark.parametrize("size", [0.1, 1.0, 10.0])
def test_squares_are_least_where_rows_are_many(size):
    task, target = rows(4000)
    (weights, bias), *_ = line.squares(task * size, target, [np.ones(4000, bool)])
    exact = np.linalg.lstsq(np.c_[task * size, np.ones(4000)], target, rcond=None)[0]
    assert_allclose(np.append(weights, bias), exact, rtol=1e-2)


def test_each_line_is_drawn_through_its_own_rows():
    task, target = rows(noise=0.0)
    first = np.arange(80) < 40
    target = np.where(first, target, target[::-1] * 3)
    (weights, _), (others, _) = line.squares(task, target, [first, ~first])
    assert np.abs(weights - [1, 2, 3, 4]).max() < np.abs(others - [1, 2, 3, 4]).max()


def test_noise_is_priced():
    generator = np.random.default_rng(3)
    task, target = generator.normal(size=(60, 40)), generator.normal(size=60)
    (weights, _), *_ = line.squares(task, target, [np.ones(60, bool)])
    exact = np.linalg.lstsq(np.c_[task, np.ones(60)], target, rcond=None)[0]
    assert np.abs(weights).max() < 0.3 * np.abs(exact).max()


def test_more_columns_than_rows_are_no_matter():
    task, target = rows(20, 50)
    (weights, bias), *_ = line.squares(task, target, [np.ones(20, bool)])
    assert np.isfinite(weights).all() and np.isfinite(bias).all()


@pytest.mark.parametrize("classes", [1, 3])
def test_likeliest_scores_have_no_slope_left(classes):
    """At the best line the feedback on the weights is what they cost, and none is left on the bias."""
    task, target = rows(300)
    places = np.digitize(target, np.quantile(target, [0.5] if classes == 1 else [0.3, 0.6])).astype(float)
    (weights, bias), *_ = line.chances(task, places, classes, [np.ones(300, bool)])
    scores = task @ weights.T + bias
    if classes == 1:
        miss = 1 / (1 + np.exp(-scores)) - places[:, None]
    else:
        shares = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
        miss = shares - np.eye(3)[places.astype(int)]
    assert_allclose(miss.T @ task, -weights, atol=0.05)
    assert_allclose(miss.sum(axis=0), 0, atol=0.05)


def test_a_worker_begins_there():
    task, target = rows(500)
    table = from_columns({**{f"x{i}": task[:, i] for i in range(4)}, "y": target})
    training = train(ONE, table, "y", Settings(holdout=0.0))
    next(events := iter(training))
    exact = np.linalg.lstsq(np.c_[task, np.ones(500)], target, rcond=None)[0]
    misses = np.c_[task, np.ones(500)] @ exact - target
    assert next(events).loss["out"].train == pytest.approx(np.mean(misses**2), rel=1e-3)
