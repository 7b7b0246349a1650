"""The compiled tape and the callbacks mean the same: losses, parameters, on random graphs, to the last digits."""

import os
import shutil
import subprocess

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from engine import optimizer as optimizers
from engine.primitive import catalogue
from engine.tape import build
from engine.tape.executor import tape_for
from engine.tape.library import FOLDER, _fitting, library
from engine.tape.recorders import RECORDERS
from engine.training.executor import Callbacks
from engine.training.settings import Settings
from engine.training.train import train
from tests.engine.compiled import compiled, hasty_compiler, threads_agree
from tests.engine.graphs import graph, random_graph, random_groups, random_table

STEPS = 24


def trained(executor, training, softness, rate=0.004):
    batches = training._order.batches(0, STEPS)
    rates = np.linspace(rate, rate / 4, batches.steps)
    return executor.advance(training._state, batches, rates, softness[: batches.steps])


def setting(seed, by="", **more):
    generator = np.random.default_rng(seed)
    drawn = random_graph(generator, int(generator.integers(1, 15)), 3, by)
    table = (random_groups if by else random_table)(generator, 150, 3)
    settings = {
        "seed": seed,
        "holdout": 0,
        "epochs": 100,
        "batch_size": int(generator.choice([1, 5, 30, 64, 130, 150])),
    }
    return train(drawn, table, "y", Settings(**(settings | more)))


@compiled
def test_the_tape_is_there_where_there_is_a_compiler():
    assert library() is not None


@compiled
@pytest.mark.parametrize(("by", "rate"), [("", 0.004), ("g", 5e-5)])  # sums of long groups leave bounds at long steps
@pytest.mark.parametrize("optimizer", sorted(optimizers.catalogue()))
@pytest.mark.parametrize("first", range(0, 120, 30))
def test_random_graphs_train_alike(optimizer, first, by, rate):
    softness = np.linspace(1.0, -0.6, STEPS).clip(0)
    for seed in range(first, first + 30):
        training = setting(seed, by, optimizer=optimizer)
        tape = tape_for(training._work, training.resolved.batch_size)
        assert tape is not None
        state, losses = trained(tape, training, softness, rate)
        expected, expected_losses = trained(Callbacks(training._work), training, softness, rate)
        assert np.isfinite(expected_losses).all()
        assert_allclose(losses, expected_losses, rtol=1e-12, atol=1e-12, err_msg=f"seed {seed}")
        # Adam enlarges a feedback that is nothing but rounding to a step of its own size.
        least = 1e-12 if optimizer == "sgd" else 1e-8
        assert_allclose(state.parameters, expected.parameters, rtol=1e-11, atol=least, err_msg=f"seed {seed}")
        for vector, wanted in zip(state.memory, expected.memory, strict=True):
            assert_allclose(vector, wanted, rtol=1e-9, atol=1e-12, err_msg=f"seed {seed}")


@compiled
@pytest.mark.parametrize(("by", "rate"), [("", 0.004), ("g", 5e-5)])
def test_single_precision_trains_alike_to_its_own_digits(by, rate):
    softness = np.linspace(1.0, -0.6, STEPS).clip(0)
    for seed in range(30):
        training = setting(seed, by, precision="float32", optimizer="sgd")
        tape = tape_for(training._work, training.resolved.batch_size)
        state, losses = trained(tape, training, softness, rate)
        expected, expected_losses = trained(Callbacks(training._work), training, softness, rate)
        assert state.parameters.dtype == np.float32
        assert_allclose(losses, expected_losses, rtol=2e-4, atol=1e-5, err_msg=f"seed {seed}")
        assert_allclose(state.parameters, expected.parameters, rtol=2e-3, atol=2e-4, err_msg=f"seed {seed}")


@compiled
@pytest.mark.parametrize("columns", [1, 5, 12, 70])
@pytest.mark.parametrize("batch_size", [3, 8, 50])
@pytest.mark.parametrize("kind", ["addition", "average"])
def test_sums_of_linear_workers_train_alike_whatever_their_shape(kind, columns, batch_size):
    """The tape adds up their weights, in pieces, where nobody asks what each came to."""
    workers = dict.fromkeys(("alex", "bo", "cleo"), ("linear", {"width": 11}))
    drawn = graph(
        {"in": "columns", **workers, "sum": kind, "top": "linear", "out": "estimate"},
        *(wire for name in workers for wire in (f"in -> {name}", f"{name} -> sum")),
        *("sum -> top", "top -> out"),
    )
    table = random_table(np.random.default_rng(columns), 150, columns)
    training = train(drawn, table, "y", Settings(batch_size=batch_size, holdout=0, optimizer="sgd", epochs=30))
    state, losses = trained(tape_for(training._work, batch_size), training, np.zeros(STEPS))
    expected, expected_losses = trained(Callbacks(training._work), training, np.zeros(STEPS))
    assert_allclose(losses, expected_losses, rtol=1e-12)
    assert_allclose(state.parameters, expected.parameters, rtol=1e-11, atol=1e-12)


def wide_team():
    """Heavy enough to be shared among threads."""
    names = [f"w{piece}" for piece in range(6)]
    nodes = {"in": "columns", **dict.fromkeys(names, ("linear", {"width": 64})), "max": "maximum", "top": "linear"}
    return graph(
        nodes | {"out": "estimate"},
        *(f"in -> {name}" for name in names),
        *(f"{name} -> max" for name in names),
        *("max -> top", "top -> out"),
    )


@compiled
@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_one_thread_and_several_come_to_the_same_bits(precision):
    table = random_table(np.random.default_rng(5), 4000, 30)
    settings = Settings(batch_size=2000, epochs=6, holdout=0, precision=precision)
    threads_agree(wide_team(), table, settings, (1, 2, 3, 8))


@compiled
@pytest.mark.parametrize("by", ["", "g"])
def test_answers_are_alike_and_nothing_is_dropped_from_them(by):
    for seed in range(60):
        training = setting(seed, by)
        tape, callbacks = tape_for(training._work, training.resolved.batch_size), Callbacks(training._work)
        examples = training._order.batches(0, 1).rows
        slots = [found.slot for found in (*training.plan.voices, *training.plan.estimates)]
        given = training._state.parameters, examples, slots, float(seed % 2)
        for result, expected in zip(*(executor.results(*given) for executor in (tape, callbacks)), strict=True):
            assert_allclose(result, expected, rtol=1e-11, atol=1e-11, err_msg=f"seed {seed}")


def test_what_goes_in_is_left_alone():
    training = setting(3)
    before = training._state.parameters.copy()
    trained(training._executor, training, np.zeros(STEPS))
    assert_array_equal(training._state.parameters, before)


def test_every_primitive_is_recorded():
    assert {primitive.__name__ for primitive in catalogue().values()} <= set(RECORDERS)


@compiled
def test_a_build_leaves_only_whole_libraries(tmp_path, monkeypatch):
    monkeypatch.setenv("CC", hasty_compiler(tmp_path))
    folder = tmp_path / "built"
    folder.mkdir()
    made = build.build(folder)
    assert sorted(path.name for path in folder.iterdir()) == sorted(path.name for path in made)


@compiled
def test_a_library_of_other_shapes_is_left_alone(tmp_path, monkeypatch):
    monkeypatch.setenv("CC", hasty_compiler(tmp_path))
    build.build(tmp_path)
    made = next(tmp_path.glob("tape-plain.*"))
    assert _fitting(str(made)) is not None
    stale = tmp_path / "stale.so"
    source = tmp_path / "stale.c"
    source.write_text("int fits(long a, long b, long c, long d) { return 0; } int shuffle, run_float32, run_float64;")
    subprocess.run(["cc", "-shared", "-fPIC", str(source), "-o", str(stale)], check=True)
    assert _fitting(str(stale)) is None
    source.write_text("int run_float32, run_float64;")
    subprocess.run(["cc", "-shared", "-fPIC", str(source), "-o", str(tmp_path / "older.so")], check=True)
    assert _fitting(str(tmp_path / "older.so")) is None
    (tmp_path / "broken.so").write_bytes(made.read_bytes()[:100])
    assert _fitting(str(tmp_path / "broken.so")) is None
    monkeypatch.setattr("engine.tape.library.fingerprint", lambda: 1)
    assert _fitting(str(made)) is None


@pytest.mark.parametrize("width", build.widths())
@pytest.mark.parametrize("compiler", ["gcc", "clang"])
def test_either_compiler_understands_every_variant(compiler, width):
    if shutil.which(compiler) is None:
        pytest.skip(f"{compiler} is not installed; the other one compiles the tape")
    for precision in ("4", "8"):
        only_read = [
            compiler,
            "-fsyntax-only",
            *build.FLAGS,
            *build.WIDTHS[width],
            f"-DREAL_BYTES={precision}",
            "-DSOURCES=0",
        ]
        done = subprocess.run([*only_read, f"{FOLDER}/tape.c"], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")


def test_no_compiler_is_said_in_a_sentence(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CC", raising=False)
    with pytest.raises(OSError, match="Install gcc or clang"):
        build.build(tmp_path)


def test_without_the_library_the_callbacks_train(monkeypatch):
    monkeypatch.setattr("engine.tape.executor.library", lambda: None)
    training = setting(1)
    assert next(iter(training)).executor == "callbacks"
    assert os.path.isdir(FOLDER)
