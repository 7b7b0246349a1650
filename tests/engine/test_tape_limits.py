"""Where numbers end, and threads: the tape says what the callbacks say, and trains on with what there is."""

import math
import os
import subprocess
import sys

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from engine.primitive import Moment
from engine.stacked import Team
from engine.tape.executor import tape_for
from engine.training.executor import Callbacks, State
from engine.training.settings import Settings
from engine.training.train import train
from tests.engine.compiled import compiled
from tests.engine.graphs import graph, random_table

ONE_PLACE = {
    "bounded": ({"a": ("linear", {"weights": "never below zero"})}, "in -> a", "a -> out"),
    "tanh": ({"a": "linear", "b": "tanh", "c": "linear"}, "in -> a", "a -> b", "b -> c", "c -> out"),
    "sigmoid": ({"a": "linear", "b": "sigmoid"}, "in -> a", "a -> b", "b -> out"),
    "softplus": ({"a": "linear", "b": "softplus"}, "in -> a", "a -> b", "b -> out"),
    "relu": ({"a": "linear", "b": "relu", "c": "linear"}, "in -> a", "a -> b", "b -> c", "c -> out"),
    "maximum": ({"a": "linear", "b": "linear", "m": "maximum"}, "in -> a", "in -> b", "a -> m", "b -> m", "m -> out"),
    "minimum": ({"a": "linear", "b": "linear", "m": "minimum"}, "in -> b", "in -> a", "b -> m", "a -> m", "m -> out"),
    "maxout": ({"a": ("maxout", {"width": 3, "pieces": 4}), "b": "linear"}, "in -> a", "a -> b", "b -> out"),
}


@compiled
@pytest.mark.parametrize("place", range(3))
@pytest.mark.parametrize("name", ONE_PLACE)
def test_what_is_no_number_spreads_as_by_the_callbacks(name, place):
    nodes, *wires = ONE_PLACE[name]
    table = random_table(np.random.default_rng(0), 40, 2)
    settings = Settings(holdout=0, batch_size=40, optimizer="sgd", learning_rate=0.01)
    training = train(graph({"in": "columns", **nodes, "out": "estimate"}, *wires), table, "y", settings)
    given = training._state.parameters.copy()
    given[np.flatnonzero(given)[place % np.count_nonzero(given)]] = np.nan
    ends = []
    for executor in (tape_for(training._work, 40), Callbacks(training._work)):
        batches = training._order.batches(0, 3)
        state = State(given, training._state.memory, 0)
        state, losses = executor.advance(state, batches, np.full(3, 0.01), np.zeros(3))
        ends.append((np.isnan(losses), *map(np.isnan, training.plan.layout.views(state.parameters))))
    assert ends[0][0].any()
    for tape, callbacks in zip(*ends, strict=True):
        assert_array_equal(tape, callbacks)


@pytest.mark.parametrize("slice_of", [1, 2000])
def test_a_team_that_diverges_unheard_is_found_in_a_few_looks(monkeypatch, slice_of):
    """Its parameters grow out of bounds behind a bend, where the loss does not tell."""
    drawn = graph({"in": "columns", "a": "linear", "b": "tanh", "out": "estimate"}, "in -> a", "a -> b", "b -> out")
    settings = Settings(optimizer="adamw", weight_decay=10.0, learning_rate=1.0, schedule="constant", epochs=2000)
    table = random_table(np.random.default_rng(3), 40, 2)
    training = train(drawn, table, "y", settings, pace=lambda: slice_of)
    looks, advance = [], type(training)._advance
    monkeypatch.setattr(
        type(training), "_advance", lambda self, state, most: looks.append(most) or advance(self, state, most)
    )
    *_, last = training
    assert last.kind == "diverged"
    assert 300 < last.step < 360 and training.step == last.step - 1
    assert np.isfinite(training.parameters).all()
    assert len(looks) < (2 + math.log2(2000) if slice_of > 1 else 2 * last.step)


@compiled
def test_where_no_thread_is_to_be_had_one_trains_alone(tmp_path):
    (tmp_path / "none.c").write_text("int pthread_create(void) { return 11; }")
    subprocess.run(["cc", "-shared", "-fPIC", tmp_path / "none.c", "-o", tmp_path / "none.so"], check=True)
    code = (
        "import numpy as np; from tests.engine.test_tape import wide_team, random_table, train, Settings\n"
        "settings = Settings(batch_size=2000, epochs=2, holdout=0, learning_rate=0.01)\n"
        "training = train(wide_team(), random_table(np.random.default_rng(5), 4000, 30), 'y', settings, threads=2)\n"
        "began = training._executor.threads; *_, last = training\n"
        "print(began, training._executor.threads, last.kind, repr(last.loss['out'].train))"
    )
    told = []
    for preloaded in ("", str(tmp_path / "none.so")):
        places = {"LD_PRELOAD": preloaded, "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": os.pathsep.join(sys.path)}
        done = subprocess.run([sys.executable, "-c", code], env=os.environ | places, capture_output=True, check=False)
        told.append(done.stdout.decode().split())
    assert [one[:3] for one in told] == [["2", "2", "finished"], ["2", "1", "finished"]]
    assert told[0][3] == told[1][3]


@pytest.mark.parametrize("pieces", [2, 3, 12, 13])
@pytest.mark.parametrize("units", [1, 3])
def test_what_is_no_number_wins_in_a_stacked_team_as_it_does_alone(pieces, units):
    generator = np.random.default_rng(pieces)
    weights, bias = generator.normal(size=(pieces * units, 2)), generator.normal(size=pieces * units)
    task = generator.normal(size=(20, 2))
    bias[units] = np.nan
    (result, _), alone = Team(pieces, units, "highest").forward([task], [weights, bias], Moment()), []
    for unit in range(units):
        estimates = task @ weights[unit::units].T + bias[unit::units]
        alone.append(np.max(estimates, axis=1))
    assert_array_equal(np.isnan(result), np.isnan(np.array(alone).T))
