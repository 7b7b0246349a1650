"""Optimisers, schedules and all that surrounds them: against their formulas, and the tape against the callbacks."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from engine import optimizer as optimizers
from engine import schedule as schedules
from engine.table import from_columns
from engine.tape.executor import tape_for
from engine.training.acting import Acting
from engine.training.checkpoint import from_arrays
from engine.training.executor import Callbacks
from engine.training.settings import Settings
from engine.training.train import train
from tests.engine.compiled import compiled
from tests.engine.graphs import california, graph, projects, random_table

ALONE = graph({"in": "columns", "a": "linear", "out": "estimate"}, "in -> a", "a -> out")
TEAM = graph(
    {
        "in": "columns",
        "a": "linear",
        "b": ("linear", {"speed": 0.5}),
        "c": ("linear", {"speed": 0}),
        "up": ("linear", {"weights": "never below zero"}),
        "max": "maximum",
        "sum": "addition",
        "out": "estimate",
    },
    *("in -> a", "in -> b", "in -> c", "in -> up", "a -> max", "b -> max", "c -> max"),
    *("max -> sum", "up -> sum", "sum -> out"),
)
OPTIONS = {
    "l1": {"l1": 0.01},
    "l2": {"l2": 0.1},
    "decay": {"weight_decay": 0.5},
    "clip": {"clip": 0.05},
    "averaging": {"averaging": 0.9},
    "all": {"l1": 0.01, "l2": 0.1, "weight_decay": 0.5, "clip": 0.3, "averaging": 0.95},
}


@compiled
@pytest.mark.parametrize("optimizer", sorted(optimizers.catalogue()))
@pytest.mark.parametrize("options", OPTIONS.values(), ids=OPTIONS)
@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_the_tape_acts_like_the_callbacks(optimizer, options, precision):
    table = random_table(np.random.default_rng(1), 60, 3)
    settings = Settings(optimizer=optimizer, batch_size=16, epochs=8, precision=precision, **options)
    training = train(TEAM, table, "y", settings)
    batches = training._order.batches(0, 24)
    rates, softness = np.full(batches.steps, 0.01), np.linspace(1, 0, batches.steps)
    found = tape_for(training._work, 16).advance(training._state, batches, rates, softness)
    expected = Callbacks(training._work).advance(training._state, batches, rates, softness)
    digits = {"rtol": 1e-10, "atol": 1e-12} if precision == "float64" else {"rtol": 2e-3, "atol": 2e-4}
    assert_allclose(found[1], expected[1], **digits)
    assert_allclose(found[0].parameters, expected[0].parameters, **digits)
    for vector, wanted in zip(found[0].memory, expected[0].memory, strict=True):
        assert_allclose(vector, wanted, **digits)


@pytest.mark.parametrize("options", OPTIONS.values(), ids=OPTIONS)
def test_a_checkpoint_goes_on_to_the_same_bits(options):
    table = random_table(np.random.default_rng(1), 60, 3)
    settings = Settings(batch_size=16, epochs=12, keep="best", schedule="plateau", patience=500, **options)
    whole = train(TEAM, table, "y", settings, pace=lambda: 5)
    for _ in whole:
        pass
    broken_off = train(TEAM, table, "y", settings, pace=lambda: 7)
    for event in broken_off:
        if event.step > 14:
            break
    again = from_arrays(broken_off.checkpoint().to_arrays())
    resumed = train(TEAM, table, "y", settings, checkpoint=again)
    for _ in resumed:
        pass
    assert_array_equal(resumed.parameters, whole.parameters)


def stepped(acting, count=3):
    generator = np.random.default_rng(4)
    parameters = generator.normal(size=6)
    memory = acting.fresh_memory(parameters)
    for step in range(1, count + 1):
        parameters, memory = acting.step(parameters, generator.normal(size=6), memory, 0.1, step)
    return parameters


def test_each_part_does_what_its_formula_says():
    plain = Acting(optimizers.catalogue()["sgd"], np.array([1.0, 1, 1, 1, 0, 0]))
    generator = np.random.default_rng(4)
    start, gradient = generator.normal(size=6), generator.normal(size=6)
    weights = plain.weights
    cases = [
        (plain, start - 0.1 * gradient),
        (replace(plain, l2=0.3), start - 0.1 * (gradient + 0.3 * weights * start)),
        (replace(plain, l1=0.3), start - 0.1 * (gradient + 0.3 * weights * np.sign(start))),
        (replace(plain, decay=0.3), start - 0.1 * gradient - 0.1 * 0.3 * weights * start),
        (replace(plain, clip=0.5), start - 0.1 * gradient * 0.5 / np.linalg.norm(gradient)),
        (replace(plain, speeds=np.arange(6.0)), start - 0.1 * gradient * np.arange(6)),
        (replace(plain, lows=np.zeros(6), highs=np.full(6, 0.2)), np.clip(start - 0.1 * gradient, 0, 0.2)),
    ]
    for acting, expected in cases:
        found, _ = acting.step(start, gradient, acting.fresh_memory(start), 0.1, 1)
        assert_allclose(found, expected, rtol=1e-12)


@pytest.mark.parametrize("name", sorted(optimizers.catalogue()))
def test_every_optimiser_leaves_what_it_is_given_alone_and_finds_the_bottom_of_a_bowl(name):
    optimizer = optimizers.catalogue()[name]
    acting = Acting(optimizer, np.ones(4))
    parameters = np.array([3.0, -2.0, 0.5, 8.0])
    memory = acting.fresh_memory(parameters)
    for step in range(1, 3001):
        for array in (parameters, *memory):
            array.setflags(write=False)
        parameters, memory = acting.step(parameters, 2 * parameters, memory, optimizer.rate, step)
    assert np.abs(parameters).max() < 1e-2


@pytest.mark.parametrize("name", sorted(schedules.catalogue()))
def test_every_schedule_stays_between_nothing_and_one(name):
    factor = schedules.catalogue()[name].factor(np.linspace(0, 1, 1001))
    assert factor.shape == (1001,) and (factor >= 0).all() and (factor <= 1).all() and factor.max() > 0.9


def ended(**settings):
    table = random_table(np.random.default_rng(6), 200, 2)
    training = train(ALONE, table, "y", Settings(epochs=4000, **settings), clock=iter(range(10**6)).__next__)
    *_, last = training
    return last


def test_it_stops_when_nothing_gets_better():
    last = ended(patience=5)
    assert last.reason == "patience" and last.epoch < 4000


def test_it_stops_at_the_target():
    last = ended(target_loss=50.0)
    assert last.reason == "target"


def test_it_stops_when_the_time_is_over():
    assert ended(seconds=3).reason == "time"


def test_the_best_parameters_are_kept():
    """A rate far too large: the last parameters are mostly worse than the best of those in between."""
    better = 0
    for seed in range(5):
        table = random_table(np.random.default_rng(seed), 100, 3)
        settings = Settings(epochs=60, learning_rate=3.0, schedule="constant", seed=seed)
        losses = {}
        for keep in ("last", "best"):
            *_, last = train(ALONE, table, "y", replace(settings, keep=keep))
            losses[keep] = last.loss["out"].holdout
        assert losses["best"] <= losses["last"]
        better += losses["best"] < losses["last"]
    assert better >= 3


def test_the_best_step_is_the_same_in_whatever_unit_a_target_is():
    """Of two estimates none counts for more because its target is in cents."""
    generator = np.random.default_rng(3)
    columns = {f"x{place}": generator.normal(size=40) for place in range(12)}
    nodes = {"in": "columns", "a": "linear", "b": "linear",
        "one": ("estimate", {"target": "one"}), "two": ("estimate", {"target": "two"})}  # fmt: skip
    drawn = graph(nodes, "in -> a", "in -> b", "a -> one", "b -> two")
    straight, noise = columns["x0"] + 0.1 * generator.normal(size=40), generator.normal(size=40)
    kept = []
    for cents in (1, 1e4):
        table = from_columns({**columns, "one": straight, "two": cents * noise})
        training = train(drawn, table, None, Settings(keep="best", epochs=60, learning_rate=0.02))
        list(training)
        kept.append(training.parameters)
    assert_allclose(kept[1], kept[0], rtol=1e-6, atol=1e-9)


def test_a_frozen_worker_stays_as_it_was_and_a_bounded_one_within():
    table = random_table(np.random.default_rng(8), 60, 3)
    training = train(TEAM, table, "y", Settings(epochs=50))
    start = training.plan.start(0)
    for _ in training:
        pass
    named = zip(training.plan.program.parameters, training.plan.layout.places, strict=True)
    for parameter, place in named:
        before, after = place.view(start), place.view(training.parameters)
        if parameter.node == "c":
            assert_array_equal(after, before)
        elif parameter.node == "up" and parameter.name == "weights":
            assert (after >= 0).all()
        else:
            assert not np.array_equal(after, before)


def test_the_essays_teams_learn_by_every_optimiser():
    for name in optimizers.catalogue():
        *_, last = train(california(), projects(), "Cost", Settings(optimizer=name, weight_decay=0))
        assert last.loss["calm"].train < 0.26, name


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_a_gradient_of_any_size_is_shortened_to_the_clip(precision):
    acting = train(california(), projects(), "Cost", Settings(clip=1.0, precision=precision))._work.acting
    gradient = np.full(acting.weights.shape, 1e25, acting.weights.dtype)
    assert np.linalg.norm(acting._told(np.zeros_like(gradient), gradient)) == pytest.approx(1.0, rel=1e-5)
