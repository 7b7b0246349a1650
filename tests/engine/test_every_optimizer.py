"""What holds for every optimiser: its formula number by number, its compiled form, and that a team learns by it."""

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose

from engine.optimizer import catalogue
from engine.table import from_columns
from engine.training.settings import Settings
from engine.training.train import train
from engine.wiggling import sealed
from tests.engine.graphs import graph

OPTIMIZERS = sorted(catalogue())
each_optimizer = pytest.mark.parametrize("name", OPTIMIZERS)
each_scale = pytest.mark.parametrize("scale", [0.1, 1, 10])
STEPS = 25


def descent(gradients, rate):
    return -rate * sum(gradients)


def momentum(gradients, rate):
    speed, at = 0.0, 0.0
    for gradient in gradients:
        speed = 0.9 * speed + gradient
        at -= rate * speed
    return at


def adam(gradients, rate):
    """As the paper writes it down."""
    mean, square, at = 0.0, 0.0, 0.0
    for step, gradient in enumerate(gradients, start=1):
        mean = 0.9 * mean + 0.1 * gradient
        square = 0.999 * square + 0.001 * gradient**2
        at -= rate * (mean / (1 - 0.9**step)) / (math.sqrt(square / (1 - 0.999**step)) + 1e-8)
    return at


WRITTEN_OUT = {"sgd": descent, "momentum": momentum, "adam": adam, "adamw": adam}


def test_every_optimiser_is_written_out():
    assert sorted(WRITTEN_OUT) == OPTIMIZERS


def walk(name, gradients, rate):
    """Where the optimiser comes to, from 0."""
    optimizer = catalogue()[name]
    at = sealed(np.zeros(gradients.shape[1]))
    memory = tuple(sealed(np.zeros_like(at)) for _ in range(optimizer.memory))
    for step, gradient in enumerate(gradients, start=1):
        at, memory = optimizer.update(at, sealed(gradient), memory, rate, step)
        assert len(memory) == optimizer.memory
        at, memory = sealed(at), tuple(sealed(one) for one in memory)
    return at


@each_optimizer
@each_scale
def test_it_goes_where_its_formula_says(name, scale):
    gradients = scale * np.random.default_rng(3).normal(size=(STEPS, 6))
    expected = [WRITTEN_OUT[name](column, 0.03) for column in gradients.T]
    assert_allclose(walk(name, gradients, 0.03), expected, rtol=1e-12)


@each_optimizer
@each_scale
def test_a_longer_rate_is_a_longer_way(name, scale):
    gradients = scale * np.random.default_rng(4).normal(size=(STEPS, 6))
    assert_allclose(walk(name, gradients, 0.06), 2 * walk(name, gradients, 0.03), rtol=1e-12)


@each_optimizer
def test_without_feedback_nothing_moves(name):
    assert not walk(name, np.zeros((STEPS, 3)), 0.1).any()


@each_optimizer
def test_its_compiled_form_has_numbers_for_every_step(name):
    found = catalogue()[name].coefficients(np.full(STEPS, 0.03), np.arange(1, STEPS + 1))
    assert found.shape[1] == STEPS and np.isfinite(found).all()
    assert_allclose(
        found, catalogue()[name].coefficients(np.full(2 * STEPS, 0.03), np.arange(1, 2 * STEPS + 1))[:, :STEPS]
    )


@each_optimizer
@each_scale
def test_a_line_is_found_whatever_the_size_of_the_numbers(name, scale):
    generator = np.random.default_rng(5)
    x = generator.normal(size=200)
    table = from_columns({"x": scale * x, "y": scale * (3 * x + 1)})
    drawn = graph({"in": "columns", "a": "linear", "y": "estimate"}, "in -> a", "a -> y")
    *_, last = train(drawn, table, "y", Settings(optimizer=name, epochs=200, holdout=0, weight_decay=0.0))
    assert last.loss["y"].train < 1e-3 * scale**2


@each_optimizer
def test_it_describes_itself(name):
    optimizer = catalogue()[name]
    assert optimizer.title and optimizer.help.endswith(".") and optimizer.rate > 0
