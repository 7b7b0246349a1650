"""What several say together, and answers that stay within what was learnt from."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from engine import model_json
from engine.explain import explain
from engine.model import Model
from engine.table import from_columns
from engine.training.executor import Callbacks
from engine.training.settings import Settings
from engine.training.train import train
from tests.engine.compiled import compiled
from tests.engine.graphs import graph
from tests.engine.test_passes import agree
from tests.engine.test_tape import STEPS, trained

QUICK = Settings(epochs=30, holdout=0.0)


def crowd(**settings):
    """Three workers, each heard by itself."""
    nodes = {"in": "columns", "a": "linear", "b": "linear", "c": "linear", "out": ("estimate", settings)}
    return graph(nodes, *(f"in -> {name}" for name in "abc"), *(f"{name} -> out" for name in "abc"))


def one(**settings):
    return graph({"in": "columns", "a": "linear", "out": ("estimate", settings)}, "in -> a", "a -> out")


def rising(target="y", count=40):
    x = np.linspace(-1, 1, count)
    columns = {"y": 3 * x + 10, "even": ["no", "yes"] * (count // 2)}
    return from_columns({"x": x, target: columns[target]})


def learnt(drawn, table, target, settings=QUICK, **more):
    training = train(drawn, table, target, settings, **more)
    for _ in training:
        pass
    return Model(training.plan, training.parameters, target)


def spread(model):
    """The same model with parameters that leave its workers far from one another, and sure of themselves."""
    return replace(model, parameters=np.random.default_rng(5).normal(size=len(model.parameters)) * 4)


def test_of_yes_or_no_chances_can_be_averaged():
    table = rising("even")
    model = spread(learnt(crowd(together="chances"), table, "even"))
    slots, _ = model.run(model.plan.preparation.apply(table))
    chances = [1 / (1 + np.exp(-slots[voice.slot][:, 0])) for voice in model.plan.voices]
    assert np.ptp(chances, axis=0).max() > 0.5
    assert_allclose(model.predict_array(table)[:, 0], np.mean(chances, axis=0), rtol=1e-9)


def test_unless_they_are_asked_for_scores_are_averaged_so_that_older_models_answer_as_ever():
    table = rising("even")
    model = spread(learnt(crowd(), table, "even"))
    slots, _ = model.run(model.plan.preparation.apply(table))
    score = np.mean([slots[voice.slot][:, 0] for voice in model.plan.voices], axis=0)
    assert_allclose(model.predict_array(table)[:, 0], 1 / (1 + np.exp(-score)), rtol=1e-9)


@pytest.mark.parametrize("together", ["results", "chances"])
def test_of_numbers_the_numbers_are_averaged(together):
    table = rising()
    model = spread(learnt(crowd(together=together), table, "y"))
    slots, _ = model.run(model.plan.preparation.apply(table))
    told = [model.plan.estimates[0].target.told(slots[voice.slot])[:, 0] for voice in model.plan.voices]
    assert_allclose(model.predict(table), np.mean(told, axis=0), rtol=1e-9)


@compiled
def test_who_is_averaged_learns_by_himself_whatever_is_submitted():
    alone, together = (train(drawn, rising("even"), "even", QUICK) for drawn in (one(), crowd(together="chances")))
    ends = []
    for training in (alone, together):
        assert training._executor.name == "tape"
        for _ in training:
            pass
        ends.append(training.plan.named(training.parameters)["a"]["weights"])
    assert_allclose(ends[0], ends[1], rtol=1e-9)


@pytest.mark.parametrize("drawn", [one, crowd])
def test_answers_stay_within_what_was_learnt_from(drawn):
    far = [{"x": -50.0}, {"x": 0.0}, {"x": 50.0}]
    free, kept = (learnt(drawn(within=within), rising(), "y").predict(far) for within in (False, True))
    assert free[0] < -50 and free[2] > 50
    assert_allclose(kept, [6.4, free[1], 13.6])


def test_what_is_learnt_does_not_depend_on_it():
    free, kept = (learnt(one(within=within), rising(), "y") for within in (False, True))
    assert_array_equal(free.parameters, kept.parameters)


@pytest.mark.parametrize(("target", "loss"), [("even", "auto"), ("y", "poisson")])
def test_chances_and_rates_are_not_cut(target, loss):
    pair = [learnt(one(within=within), rising(target), target, replace(QUICK, loss=loss)) for within in (False, True)]
    rows = [{"x": -9.0}, {"x": 9.0}]
    assert pair[0].predict(rows) == pair[1].predict(rows)


def test_a_column_that_is_always_the_same_is_answered_with_that():
    table = from_columns({"x": [0.0, 1.0, 2.0, 3.0], "y": [5.0] * 4})
    assert learnt(one(within=True), table, "y").predict([{"x": 99.0}]) == [5.0]


def test_what_was_cut_off_is_explained_as_it_would_have_been():
    far, free = ({"x": 50.0}, learnt(one(within=False), rising(), "y"))
    told, expected = explain(learnt(one(within=True), rising(), "y"), far), explain(free, far)
    assert told == {**expected, "estimate": told["estimate"], "held": True}
    assert told["exact"] and told["estimate"] == pytest.approx(13.6)
    assert told["base"] + told["contributions"]["x"] == pytest.approx(told["score"])
    assert told["score"] == expected["estimate"] > 50
    inside = {"x": 0.5}
    assert explain(learnt(one(within=True), rising(), "y"), inside) == {**explain(free, inside), "held": False}


def test_a_document_keeps_what_was_learnt_from_and_older_ones_do_not_know_it():
    model, rows = learnt(one(within=True), rising(), "y"), [{"x": -50.0}, {"x": 50.0}]
    document = json.loads(json.dumps(model_json.to_json(model)))
    assert model_json.from_json(document).predict(rows) == model.predict(rows)
    (scale,) = document["target"]["scales"]
    assert (scale.pop("low"), scale.pop("high")) == (7.0, 13.0)
    older = model_json.from_json(document).predict(rows)
    assert older[0] < 6 and older[1] > 14


def test_a_model_as_a_worker_stays_within_what_it_has_learnt_from():
    document = model_json.to_json(learnt(one(within=True), rising(), "y"))
    nodes = {"taught": ("model", {"model": document}), "out": "estimate"}
    table = from_columns({"x": [-50.0, 0.0, 50.0], "y": [0.0, 10.0, 20.0]})
    model = learnt(graph(nodes, "taught -> out"), table, "y", replace(QUICK, batch_size=3))
    assert_allclose(model.predict(table), [6.4, 10.0, 13.6], atol=1e-3)


@compiled
def test_feedback_goes_through_an_average_of_chances_alike_on_the_tape():
    """Only inside another graph does anybody learn from what comes through an estimate."""
    document = model_json.to_json(spread(learnt(crowd(together="chances"), rising("even"), "even")))
    drawn = graph({"taught": ("model", {"model": document, "speed": 1.0}), "out": "estimate"}, "taught -> out")
    training = train(drawn, rising("even"), "even", replace(QUICK, optimizer="sgd", learning_rate=0.1))
    assert any(type(step.primitive).__name__ == "AverageChance" for step in training.plan.program.steps)
    softness = np.zeros(STEPS)
    found, losses = trained(training._executor, training, softness, 0.1)
    expected, expected_losses = trained(Callbacks(training._work), training, softness, 0.1)
    assert np.abs(found.parameters - training._state.parameters).max() > 1e-3
    assert_allclose(losses, expected_losses, rtol=1e-12)
    assert_allclose(found.parameters, expected.parameters, rtol=1e-11, atol=1e-12)
    agree(training._work, 30, "average of chances")


def test_who_learns_on_stays_within_all_that_was_learnt_from():
    before = learnt(one(within=True), rising(), "y")
    more = from_columns({"x": [0.0, 1.0, 2.0, 3.0], "y": [10.0, 13.0, 16.0, 19.0]})
    after = learnt(one(within=True), more, "y", after=before)
    assert_allclose(after.predict([{"x": -50.0}, {"x": 50.0}]), [5.8, 20.2])
