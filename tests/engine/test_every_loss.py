"""What holds for every loss: feedback against wiggling, the best constant, and what its results are told as."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from engine.errors import DataRefused
from engine.loss import CHANCE, CLASSES, RATE, VALUE, catalogue
from engine.model import Model
from engine.table import Column, Table, from_columns
from engine.tape.executor import tape_for
from engine.target import Target
from engine.training.executor import Callbacks
from engine.training.settings import Settings
from engine.training.train import train
from engine.wiggling import sealed, wiggle
from tests.engine.compiled import compiled
from tests.engine.graphs import graph, random_table

LOSSES = sorted(catalogue())
EXTRA = {"huber": 0.7, "quantile": 0.8}
each_loss = pytest.mark.parametrize("name", LOSSES)


def case(name, scale=1.0):
    generator = np.random.default_rng(3)
    loss = catalogue()[name]
    width = 4 if loss.told == CLASSES else 1
    result = sealed(scale * generator.normal(size=(9, width)))
    target = {
        VALUE: generator.normal(size=9),
        CHANCE: generator.integers(0, 2, 9).astype(float),
        CLASSES: generator.integers(0, 4, 9).astype(float),
        RATE: generator.poisson(2, 9).astype(float),
    }[loss.told]
    return loss, result, sealed(target), EXTRA.get(name, 0.0)


@each_loss
@pytest.mark.parametrize("scale", [0.1, 1, 10])
def test_feedback_is_what_wiggling_shows(name, scale):
    loss, result, target, extra = case(name, scale)
    rows = loss.rows(result, target, extra)
    assert (rows.shape == (9,) and (rows >= 0).all()) or loss.told == RATE
    implied = wiggle(lambda at: loss.rows(at, target, extra)[:, None], result, np.ones((9, 1)))
    assert_allclose(loss.feedback(result, target, extra), implied, atol=2e-6, rtol=1e-5)


@each_loss
def test_no_other_constant_does_better(name):
    loss, result, target, extra = case(name)
    width = result.shape[1]
    best = loss.constant(target, extra, width)
    least = loss.rows(np.broadcast_to(best, (9, width)), target, extra).mean()
    generator = np.random.default_rng(1)
    slack = 0.02 if name == "huber" else 1e-6
    for _ in range(200):
        other = best + generator.normal(size=width)
        assert loss.rows(np.broadcast_to(other, (9, width)), target, extra).mean() >= least - slack


def to_learn(loss):
    """A worker and a table in which x decides."""
    generator = np.random.default_rng(2)
    x = generator.normal(size=300)
    if loss.told == CLASSES:
        codes = np.digitize(x, [-0.7, 0.7]).astype(np.int32)
        table = Table((Column("x", "number"), Column("y", "category", ("low", "mid", "top"))), {"x": x, "y": codes})
    else:
        answers = {
            VALUE: 2 * x + generator.normal(0, 0.2, 300),
            CHANCE: (x > 0) * 1.0,
            RATE: generator.poisson(np.exp(x)),
        }
        table = from_columns({"x": x, "y": answers[loss.told]})
    width = 3 if loss.told == CLASSES else 1
    return graph({"in": "columns", "a": ("linear", {"width": width}), "y": "estimate"}, "in -> a", "a -> y"), table


@compiled
@each_loss
def test_the_tape_learns_by_it_as_the_callbacks_do(name):
    drawn, table = to_learn(catalogue()[name])
    training = train(drawn, table, "y", Settings(loss=name, huber=0.7, quantile=0.8))
    tape = tape_for(training._work, training.resolved.batch_size)
    assert tape is not None, "the tape does not know it, so that it trains by callbacks"
    given = training._state, training._order.batches(0, 30), np.full(30, 0.05), np.zeros(30)
    (found, losses), (expected, told) = (one.advance(*given) for one in (tape, Callbacks(training._work)))
    assert_allclose(losses, told, rtol=1e-9)
    assert_allclose(found.parameters, expected.parameters, rtol=1e-9, atol=1e-12)


@each_loss
def test_a_team_learns_by_it(name):
    """Each loss ends well below the best constant."""
    loss = catalogue()[name]
    training = train(*to_learn(loss), "y", Settings(loss=name, epochs=60))
    first, *_, last = training
    constant = first.baseline["y"].holdout
    assert last.loss["y"].holdout < (constant - 0.1 if loss.told == RATE else 0.7 * constant)
    model = Model(training.plan, training.parameters, "y")
    low, high = model.predict([{"x": -2.0}, {"x": 2.0}])
    if loss.told == CLASSES:
        assert (low["value"], high["value"]) == ("low", "top")
        assert sum(low["chances"].values()) == pytest.approx(1)
    else:
        assert low < high
    told = model.explain({"x": 2.0})
    assert told["base"] + sum(told["contributions"].values()) == pytest.approx(told["score"])


def test_two_classes_are_told_by_name():
    table = from_columns({"x": [0.0, 1, 2, 3] * 10, "y": ["no", "no", "yes", "yes"] * 10})
    drawn = graph({"in": "columns", "a": "linear", "y": "estimate"}, "in -> a", "a -> y")
    training = train(drawn, table, "y", Settings(epochs=300))
    for _ in training:
        pass
    answer = Model(training.plan, training.parameters, "y").predict([{"x": 3.0}])[0]
    assert answer["value"] == "yes" and answer["chances"]["yes"] > 0.9


@pytest.mark.parametrize(
    ("column", "loss", "said"),
    [
        (["a", "b", "b"], "squared", "holds texts"),
        ([1.0, 2.0, 3.0], "logistic", "other numbers than 0 and 1"),
        ([1.0, -2.0, 3.0], "poisson", "below zero"),
        ([1.0, 2.0, 3.0], "cross_entropy", "compares classes"),
        (["a", "a", "a"], "auto", "1 different value in"),
    ],
)
def test_a_loss_that_does_not_suit_the_target_is_refused(column, loss, said):
    table = from_columns({"x": [1.0, 2.0, 3.0], "y": column})
    drawn = graph({"in": "columns", "a": "linear", "y": "estimate"}, "in -> a", "a -> y")
    with pytest.raises(DataRefused, match=said):
        train(drawn, table, "y", Settings(loss=loss, holdout=0))


def test_a_target_of_classes_needs_as_many_numbers():
    from engine.errors import GraphRefused

    table = from_columns({"x": [1.0, 2.0, 3.0], "y": ["a", "b", "c"]})
    drawn = graph({"in": "columns", "a": "linear", "y": "estimate"}, "in -> a", "a -> y")
    with pytest.raises(GraphRefused, match="needs 3 numbers, one for each class"):
        train(drawn, table, "y", Settings(holdout=0))


def test_losses_are_told_in_the_targets_units():
    target = Target("y", center=10, scale=4)
    assert target.loss_unit == 16
    assert Target("y", scale=4, loss="absolute").loss_unit == 4
    assert Target("y", loss="logistic").loss_unit == 1
    assert random_table(np.random.default_rng(0), 3, 1).rows == 3


@each_loss
def test_its_extra_number_is_the_setting_that_it_names(name):
    extra = catalogue()[name].extra
    assert Settings(loss=name).extra == (getattr(Settings(), extra) if extra else 0.0)
