"""Training: what it reports, that it depends on seed and settings alone, and how it ends."""

import json
from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from engine.errors import DataRefused, GraphRefused, SettingRefused
from engine.table import from_columns
from engine.training.settings import Settings
from engine.training.split import Order, split
from engine.training.train import train
from tests.engine.graphs import california, graph, projects, random_graph, random_table

QUICK = Settings(epochs=60, holdout=0.25, seed=5)
ALONE = graph({"in": "columns", "a": "linear", "out": "estimate"}, "in -> a", "a -> out")


def noise():
    return random_table(np.random.default_rng(2), 40, 2), "y"


def parameters(training):
    for _ in training:
        pass
    return training.parameters


def test_a_training_is_told_from_start_to_finish():
    events = list(train(california(), projects(), "Cost", Settings(epochs=40), pace=lambda: 10))
    assert [event.kind for event in events] == ["started", *["reading"] * 5, "finished"]
    assert [event.step for event in events] == [0, 0, 10, 20, 30, 40, 40]
    json.dumps([event.to_json() for event in events], allow_nan=False)
    reading = events[2].to_json()
    assert set(reading["nodes"]) == {node.id for node in california().nodes}
    assert set(reading["wires"]) == {wire.id for wire in california().wires}
    assert set(reading["nodes"]["dani"]) == {"result", "re_result", "re_task", "parameters", "wins"}
    assert reading["nodes"]["dani"]["wins"] + reading["nodes"]["ely"]["wins"] == 1
    assert set(reading["loss"]) == {"calm", "bold"} and reading["loss"]["calm"]["holdout"] is None
    assert reading["rows"]["targets"]["bold"] == [1, 5, 8, 10]


@pytest.mark.parametrize(
    ("settings", "takes"),
    [({}, "last"), ({"keep": "best"}, "best"), ({"averaging": 0.9}, "average"), ({"turns": True}, "teams")],
)
def test_the_start_tells_which_loss_it_is_and_what_is_taken_away(settings, takes):
    drawn = graph(
        {"in": "columns", "a": "linear", "b": "linear", "out": "estimate"}, "in -> a", "in -> b", "a -> out", "b -> out"
    )
    first = next(iter(train(drawn, *noise(), Settings(**{"epochs": 2, "holdout": 0, **settings}))))
    assert (first.losses, first.takes) == ({"out": "squared"}, takes)


@pytest.mark.parametrize(
    "wrong", [{"epochs": 0}, {"batch_size": 0}, {"optimizer": "x"}, {"holdout": 0.95}, {"seed": -1}]
)
def test_settings_that_cannot_be_are_refused_by_name(wrong):
    with pytest.raises(SettingRefused, match=next(iter(wrong))):
        train(ALONE, *noise(), Settings(**wrong))


def test_readings_are_those_of_the_essay():
    """Twice the overshoot comes in; an average halves it between two, a maximum gives the winner all of it."""
    *_, last = train(california(), projects(), "Cost", Settings(epochs=30), pace=lambda: 30)
    rows = last.rows
    for team, first, second in (("crowd", "alex", "bo"), ("loudest", "dani", "ely")):
        estimate = "calm" if team == "crowd" else "bold"
        miss = np.array(rows["results"][team]) - rows["targets"][estimate]
        np.testing.assert_allclose(rows["feedback"][team], 2 * miss, rtol=1e-3, atol=1e-3)
        shared = np.array([rows["feedback"][first], rows["feedback"][second]])
        if team == "crowd":
            np.testing.assert_allclose(shared, np.stack([miss, miss]), rtol=1e-3, atol=1e-3)
        else:
            won = np.array(rows["winners"][team]) == first
            np.testing.assert_allclose(shared, np.where([won, ~won], 2 * miss, 0), rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_the_same_seed_comes_to_the_same_bits_at_any_pace(optimizer):
    generator = np.random.default_rng(0)
    drawn, table = random_graph(generator, 5, 3), random_table(generator, 50, 3)
    settings = replace(QUICK, optimizer=optimizer, learning_rate=0.01)
    expected = parameters(train(drawn, table, "y", settings, pace=lambda: 1))
    for pace in (7, 64, 10_000):
        assert_array_equal(parameters(train(drawn, table, "y", settings, pace=lambda pace=pace: pace)), expected)
    assert not np.array_equal(parameters(train(drawn, table, "y", replace(settings, seed=6))), expected)


def test_a_checkpoint_goes_on_to_the_same_bits():
    generator = np.random.default_rng(1)
    drawn, table = random_graph(generator, 5, 3), random_table(generator, 50, 3)
    expected = parameters(train(drawn, table, "y", QUICK))
    broken_off = train(drawn, table, "y", QUICK, pace=lambda: 13)
    for event in broken_off:
        if event.step > 40:
            break
    resumed = train(drawn, table, "y", QUICK, checkpoint=broken_off.checkpoint())
    assert next(iter(resumed)).kind == "reading"
    assert_array_equal(parameters(resumed), expected)


def test_the_learning_rate_can_change_while_it_runs():
    training = train(ALONE, random_table(np.random.default_rng(2), 40, 2), "y", QUICK, pace=lambda: 20)
    told = []
    for event in training:
        if event.kind == "reading":
            told.append(event.learning_rate)
            training.learning_rate = 0.5
    assert told[0] == 0.05 and set(told[1:]) == {0.5}


def test_stopping_keeps_what_was_learnt():
    training = train(ALONE, random_table(np.random.default_rng(2), 40, 2), "y", QUICK, pace=lambda: 20)
    seen = []
    for event in training:
        seen.append(event)
        if event.step == 40:
            training.stop()
    assert (seen[-1].kind, seen[-1].reason, seen[-1].step) == ("finished", "stopped", 40)


def test_who_is_stopped_while_soft_says_so():
    for drawn, table, target, soft in ((california(), projects(), "Cost", True), (ALONE, *noise(), False)):
        training = train(drawn, table, target, Settings(epochs=100), pace=lambda: 20)
        for event in training:
            if event.step == 20:
                training.stop()
        assert event.reason == "stopped" and (event.softness > 0) is soft


def test_a_maximum_ends_exactly_hard():
    *readings, last = train(california(), projects(), "Cost", Settings(), pace=lambda: 100)
    softness = [event.softness for event in readings if event.kind == "reading"]
    assert last.softness == 0
    assert softness[0] == Settings().softness > 0 and softness == sorted(softness, reverse=True) and softness[-1] == 0
    best = np.max([last.rows["results"]["dani"], last.rows["results"]["ely"]], axis=0)
    np.testing.assert_allclose(last.rows["results"]["loudest"], best, rtol=1e-4)


def test_a_run_that_diverges_says_so_and_keeps_finite_parameters():
    drawn = graph(
        {"in": "columns", **{f"w{n}": "linear" for n in range(8)}, "sum": "addition", "out": "estimate"},
        *(f"in -> w{n}" for n in range(8)),
        *(f"w{n} -> sum" for n in range(8)),
        "sum -> out",
    )
    settings = Settings(optimizer="sgd", learning_rate=0.9, schedule="constant", epochs=5000)
    training = train(drawn, random_table(np.random.default_rng(3), 40, 2), "y", settings, pace=lambda: 997)
    *_, last = training
    assert last.kind == "diverged"
    assert "step" in last.message and "0.09" in last.hint
    assert np.isfinite(training.parameters).all()
    assert training.step == last.step - 1
    json.dumps(last.to_json(), allow_nan=False)


@pytest.mark.parametrize("executor", ["callbacks", "whichever there is"])
def test_numbers_out_of_bounds_are_news_to_a_spline_as_well(executor, monkeypatch):
    if executor == "callbacks":
        monkeypatch.setattr("engine.tape.executor.library", lambda: None)
    drawn = graph(
        {"in": "columns", "a": "linear", "b": "linear", "mul": "multiply", "bend": "spline", "sum": "addition",
         "out": "estimate"},
        *("in -> a", "a -> b", "a -> mul", "b -> mul", "mul -> bend", "bend -> sum", "mul -> sum", "sum -> out"),
    )  # fmt: skip
    settings = Settings(optimizer="sgd", learning_rate=50.0, schedule="constant", epochs=500)
    *_, last = train(drawn, random_table(np.random.default_rng(3), 40, 2), "y", settings, pace=lambda: 97)
    assert last.kind == "diverged"


def test_rows_without_a_target_are_left_out_and_counted():
    table = from_columns({"a": [1.0, 2, 3, 4], "y": [1.0, None, 3, 4]})
    first = next(iter(train(ALONE, table, "y", Settings())))
    assert (first.train_rows, first.left_out_rows) == (3, 1)
    with pytest.raises(DataRefused, match="No row"):
        train(ALONE, from_columns({"a": [1.0, 2], "y": [None, None]}), "y")


def test_a_graph_with_problems_does_not_start():
    with pytest.raises(GraphRefused, match="no Estimate"):
        train(graph({"in": "columns"}), projects(), "Cost")


@pytest.mark.parametrize(
    ("rows", "share", "held"), [(4, 0.0, 0), (4, 0.1, 1), (100, 0.2, 20), (1, 0.5, 0), (2, 0.9, 1)]
)
def test_the_split_keeps_a_share_aside(rows, share, held):
    parts = split(np.arange(rows), share, seed=1)
    assert len(parts.holdout) == held
    assert sorted([*parts.train, *parts.holdout]) == list(range(rows))


@pytest.mark.parametrize(("rows", "batch"), [(10, 3), (7, 7), (7, 100), (200_000, 4096)])
def test_every_epoch_visits_every_row_once(rows, batch):
    order = Order(np.arange(rows), min(batch, rows), seed=2)
    epochs, step = [], 0
    for _ in range(2):
        visited = []
        while len(visited) < rows:
            batches = order.batches(step, 1)
            visited.extend(batches.rows.tolist())
            step += 1
        epochs.append(visited)
        assert sorted(visited) == list(range(rows))
    assert epochs[0] != epochs[1]


def test_batches_do_not_depend_on_how_many_are_asked_for():
    order = Order(np.arange(103), 10, seed=2)
    one_by_one = np.concatenate([order.batches(step, 1).rows for step in range(40)])
    together, step = [], 0
    while step < 40:
        batches = order.batches(step, min(17, 40 - step))
        together.append(batches.rows)
        step += batches.steps
    assert_array_equal(np.concatenate(together), one_by_one)
