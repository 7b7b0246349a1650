"""What is kept of a pass: the tape keeps what the callbacks keep, slot by slot and input by input."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from engine.callbacks import run
from engine.primitive import Moment
from engine.readings.digits import _in_numpy as rounded_in_numpy
from engine.readings.digits import plain
from engine.readings.passes import Callbacks, Sample
from engine.readings.sums import BINS, _in_numpy, sums
from engine.tape.observing import observer_for
from engine.training.settings import Settings
from engine.training.train import train
from tests.engine.compiled import compiled
from tests.engine.graphs import graph, random_graph, random_groups, random_table

WAYS = ("results", "feedback", "voices", "estimates")


def told(work, sample, parameters, softness):
    """What both ways keep, part by part: (tape's, callbacks')."""
    tape, callbacks = observer_for(work.plan, sample), Callbacks(work.plan, sample)
    assert tape is not None
    for one in (tape, callbacks):
        one.take(parameters * 2, softness)  # what was kept before is no part of what is kept now
        one.take(parameters, softness)
    for part in WAYS:
        yield part, *_pairs(tape, callbacks, getattr(tape.kept, part), getattr(callbacks.kept, part))
    for index, spans in enumerate(zip(tape.kept.inputs, callbacks.kept.inputs, strict=True)):
        yield f"inputs of step {index}", *_pairs(tape, callbacks, *spans)


def _pairs(tape, callbacks, mine, others):
    assert len(mine) == len(others)
    return [one.of(tape.numbers) for one in mine], [one.of(callbacks.numbers) for one in others]


def agree(work, count, what, *, softness=0.0, rtol=1e-10, atol=1e-12):
    sample, parameters = Sample.of(work, np.arange(count)), work.plan.start(work.seed).astype(work.features.dtype)
    for part, found, expected in told(work, sample, parameters, softness):
        for one, other in zip(found, expected, strict=True):
            assert_allclose(one, other, rtol=rtol, atol=atol, err_msg=f"{what}: {part}")


@compiled
@pytest.mark.parametrize("softness", [0.0, 0.7])
@pytest.mark.parametrize("first", range(0, 120, 30))
def test_the_tape_keeps_what_the_callbacks_keep(first, softness):
    for seed in range(first, first + 30):
        generator = np.random.default_rng(seed)
        drawn, table = random_graph(generator, int(generator.integers(1, 15)), 3), random_table(generator, 150, 3)
        work = train(drawn, table, "y", Settings(seed=seed))._work
        agree(work, int(generator.integers(1, 65)), f"seed {seed}", softness=softness)


@compiled
def test_single_precision_is_kept_to_its_own_digits():
    for seed in range(20):
        generator = np.random.default_rng(seed)
        drawn, table = random_graph(generator, 8, 3), random_table(generator, 150, 3)
        work = train(drawn, table, "y", Settings(seed=seed, precision="float32"))._work
        agree(work, 64, f"seed {seed}", rtol=2e-3, atol=2e-4)


def several():
    """Two estimates of different columns: of one worker and of three, one of which both hear, and that a fork reads."""
    nodes = {"in": "columns", **dict.fromkeys("abc", "linear"), "max": "maximum"}
    nodes |= {"out": "estimate", "other": ("estimate", {"target": "c1"})}
    wires = [*(f"in -> {name}" for name in "abc"), "a -> max", "b -> max", "max -> out", "b -> other", "c -> other"]
    return graph(nodes, *wires, "max -> other")


@compiled
def test_several_voices_and_estimates_are_told_apart():
    work = train(several(), random_table(np.random.default_rng(0), 100, 3), "y", Settings())._work
    agree(work, 40, "several")


def test_feedback_on_what_an_estimate_submits_is_that_of_its_own_loss():
    work = train(several(), random_table(np.random.default_rng(0), 100, 3), "y", Settings())._work
    plan, sample = work.plan, Sample.of(work, np.arange(40))
    once, parameters = Callbacks(plan, sample), plan.start(0)
    once.take(parameters, 0.0)
    slots, _ = run(plan.program, sample.features, plan.layout.views(parameters), Moment())
    for place, (estimate, span) in enumerate(zip(plan.estimates, once.kept.estimates, strict=True)):
        result, least = slots[estimate.slot], 1e-6
        pair = [estimate.target.rows(result + change, sample.targets[:, place]) for change in (least, -least)]
        slope = (pair[0] - pair[1]) / (2 * least) * estimate.target.loss_unit
        assert_allclose(span.of(once.numbers)[:, 0], slope, rtol=1e-5, atol=1e-6)


@compiled
def test_groups_and_more_rows_than_a_tile_are_left_to_the_callbacks():
    generator = np.random.default_rng(0)
    grouped = train(random_graph(generator, 5, 3, "g"), random_groups(generator, 150, 3), "y", Settings())
    assert observer_for(grouped.plan, Sample.of(grouped._work, np.arange(5))) is None
    work = train(random_graph(generator, 5, 3), random_table(generator, 150, 3), "y", Settings())._work
    assert observer_for(work.plan, Sample.of(work, np.arange(64))) is not None
    assert observer_for(work.plan, Sample.of(work, np.arange(65))) is None


@compiled
@pytest.mark.parametrize("odd", [None, np.nan, np.inf, -np.inf, 0.0])
def test_sums_are_those_of_numpy(odd):
    generator = np.random.default_rng(7)
    starts = np.cumsum([5, 1, 2, 64, 300, 7, 1])
    values = generator.normal(size=starts[-1]) * 10.0 ** generator.integers(-5, 6, starts[-1])
    if odd is not None:
        values[[5, 7, 70, -3]] = odd
        values[starts[4] : starts[5]] = odd
    found, expected = sums(values, starts), _in_numpy(values, starts, True)
    for told in (found, sums(values, starts, binned=False), _in_numpy(values, starts, False)):
        assert_allclose(told.figures, expected.figures, rtol=1e-12)
    np.testing.assert_array_equal(found.bins, expected.bins)
    assert found.bins.shape == (6, BINS) and found.bins.sum() == starts[-1] - starts[0]


@compiled
def test_numbers_are_told_to_five_digits_and_gaps_as_nothing():
    generator = np.random.default_rng(3)
    values = generator.normal(size=2000) * 10.0 ** generator.integers(-290, 290, 2000)
    expected = [float(f"{value:.4e}") for value in values]
    assert_allclose(plain(values), expected, rtol=1e-15)
    assert_allclose(rounded_in_numpy(values), expected, rtol=1e-15)
    odd = np.array([[0.0, -0.0, 99999.6, -0.5], [np.nan, np.inf, -np.inf, 5e-324]])
    assert plain(odd) == [[0.0, -0.0, 100000.0, -0.5], [None, None, None, 5e-324]]
    found = rounded_in_numpy(odd)
    np.testing.assert_array_equal(found[np.isfinite(found)], [0.0, -0.0, 100000.0, -0.5, 5e-324])
    assert plain(values.reshape(40, 50).T)[3][2] == plain(values)[103]
