"""Groups on the compiled tape: of any size, in tiles whose rows are kept or worked out again, by several threads."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from engine.graph import Graph, Node, Wire
from engine.primitives.reduce import HOW
from engine.table import from_columns
from engine.tape.executor import Tape, tape_for
from engine.training.executor import Callbacks, State
from engine.training.settings import Settings
from engine.training.split import Batches
from engine.training.train import train
from tests.engine.compiled import compiled, threads_agree
from tests.engine.graphs import graph

RATES = {"sum": 1e-9}
"""Sums of hundreds of rows leave all bounds at longer steps."""
SIZES = (1, 1, 2, 7, 64, 65, 1, 128, 300, 63, 1, 3, 900, 1, 9, 30)


def table(sizes=SIZES, columns=5, seed=0):
    """Groups of these sizes, their rows mixed up; whole numbers, so that many rows are equal in some number."""
    generator = np.random.default_rng(seed)
    group = generator.permutation(np.repeat(np.arange(len(sizes)), sizes))
    data = {f"c{place}": generator.integers(-3, 4, len(group)).astype(float) for place in range(columns)}
    return from_columns(data | {"g": [f"no {number}" for number in group], "y": generator.normal(size=len(group))})


def grouped(how, width=4, pieces=3):
    """Maxima of workers and dropout on rows, the same and an average on groups, and forks on either side."""
    rows, deep, groups = ([f"{letter}{piece}" for piece in range(pieces)] for letter in "rdg")
    nodes = {
        "in": "columns",
        **dict.fromkeys(rows, ("linear", {"width": width})),
        "max": "maximum",
        "drop": "dropout",
        **dict.fromkeys(deep, ("linear", {"width": 3})),
        "deep": "maximum",
        "group": ("group", {"by": "g", "how": how}),
        "other": ("group", {"by": "g", "how": "maximum"}),
        **dict.fromkeys(groups, ("linear", {"width": 2})),
        "top": "maximum",
        **dict.fromkeys(("a", "b"), "linear"),
        "mean": "average",
        "drops": "dropout",
        "last": "linear",
        "out": "estimate",
    }
    return graph(
        nodes,
        *(f"in -> {name}" for name in rows),
        *(f"{name} -> max" for name in rows),
        *(f"drop -> {name}" for name in deep),
        *(f"{name} -> deep" for name in deep),
        *("max -> drop", "deep -> group", "drop -> other"),
        *(f"{source} -> {name}" for name in groups for source in ("group", "other")),
        *(f"{name} -> top" for name in groups),
        *("top -> drops", "drops -> last", "last -> out"),
        *("group -> a", "group -> b", "a -> mean", "b -> mean", "mean -> last"),
    )


def alike(training, steps=4, rate=1e-4):
    """Steps on the tape and by the callbacks, half of them soft; the tape itself. Momentum remembers the gradients."""
    assert training.settings.optimizer == "momentum"
    tape = tape_for(training._work, training.resolved.batch_size)
    assert isinstance(tape, Tape)
    batches = training._order.batches(0, steps)
    given = training._state, batches, np.full(batches.steps, rate), np.linspace(0.5, -0.5, batches.steps).clip(0)
    (state, losses), (expected, expected_losses) = (
        executor.advance(*given) for executor in (tape, Callbacks(training._work))
    )
    assert np.isfinite(expected_losses).all() and (expected.parameters != training._state.parameters).any()
    assert_allclose(losses, expected_losses, rtol=1e-12)
    assert_allclose(state.parameters, expected.parameters, rtol=1e-11, atol=1e-12)
    for vector, wanted in zip(state.memory, expected.memory, strict=True):
        assert_allclose(vector, wanted, rtol=1e-9, atol=1e-12 * np.abs(wanted).max())
    return tape


@compiled
@pytest.mark.parametrize("batch_size", [3, 16])
@pytest.mark.parametrize("width", [4, 24, 80])
@pytest.mark.parametrize("how", HOW)
def test_groups_longer_than_what_is_kept_are_worked_out_again(how, width, batch_size):
    settings = Settings(batch_size=batch_size, holdout=0, optimizer="momentum")
    tape = alike(train(grouped(how, width), table(), "y", settings), rate=RATES.get(how, 1e-4))
    assert {4: tape._job.kept > 15, 24: 2 < tape._job.kept < 12, 80: tape._job.kept == 1}[width]


@compiled
@pytest.mark.parametrize("sizes", [(1,) * 200, (3,) * 100, (40,) * 30, (64,) * 9, (1000,)], ids=str)
@pytest.mark.parametrize("how", HOW)
def test_groups_of_one_size_train_alike(how, sizes):
    settings = Settings(batch_size=70, holdout=0, optimizer="momentum")
    alike(train(grouped(how), table(sizes), "y", settings), rate=RATES.get(how, 1e-4))


@compiled
@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("how", ["mean", "maximum"])
def test_one_thread_and_several_come_to_the_same_bits(how, precision):
    rows = table(tuple(np.random.default_rng(1).integers(1, 80, size=300)), columns=20)
    settings = Settings(batch_size=100, epochs=1, holdout=0, precision=precision)
    threads_agree(grouped(how, 64, pieces=6), rows, settings, (1, 2, 5))


@compiled
def test_a_gradient_that_is_split_into_several_sums_is_the_same():
    rows = table(tuple(np.random.default_rng(1).integers(1, 80, size=100)), columns=20)
    settings = Settings(batch_size=50, holdout=0, optimizer="momentum")
    assert alike(train(grouped("maximum", 64, pieces=6), rows, "y", settings), steps=2)._job.partials > 2


@compiled
def test_slices_change_no_bit():
    found = []
    for pace in (1, 7, 1000):
        training = train(
            grouped("maximum"), table(), "y", Settings(batch_size=3, epochs=9), pace=lambda pace=pace: pace
        )
        assert next(iter(training)).executor == "tape"
        for _ in training:
            pass
        found.append(training.parameters)
    assert_array_equal(found[1], found[0])
    assert_array_equal(found[2], found[0])


@compiled
@pytest.mark.parametrize("more", [0, 20, 100])
def test_of_equal_rows_the_first_is_told(more):
    """With no weights all rows are equal, and tell the worker different things."""
    drawn = graph({"in": "columns", "each": "linear", "group": ("group", {"by": "g", "how": "maximum"}),
        "out": "estimate"}, "in -> each", "each -> group", "group -> out")  # fmt: skip
    values, groups, targets = [5.0, 1, 2, 3, 9, 4] + [7.0, 8] * more, ["a", "b"] * (3 + more), [1, 2, 3, 4, 5, 6]
    rows = from_columns({"c0": values, "g": groups, "y": targets + [3, 4] * more})
    training = train(drawn, rows, "y", Settings(holdout=0, optimizer="sgd", standardise=False))
    nothing = np.zeros_like(training._state.parameters)
    batches = Batches(np.array([0, 1]), np.array([0, 2]), 0)
    for executor in (training._executor, Callbacks(training._work)):
        state, _ = executor.advance(State(nothing, (), 0), batches, np.array([0.5]), np.zeros(1))
        (weights, bias) = training.plan.layout.views(state.parameters)
        # Half of twice the miss times the first rows, 5 and 1; the groups' targets are the means 3 and 4.
        assert weights.tolist() == [[0.5 * (3.0 * 5 + 4.0 * 1)]] and bias.tolist() == [0.5 * (3.0 + 4.0)]


@compiled
@pytest.mark.parametrize("how", HOW)
def test_a_group_inside_teams_trains_alike(how):
    task, result = Node("task", "team_task", "Task"), Node("result", "team_result", "Result")
    each, group = Node("each", "linear", "Each", {"width": 3}), Node("group", "group", "Group", {"by": "g", "how": how})
    wires = [Wire("task", "each"), Wire("each", "group"), Wire("group", "result")]
    inner = Node("inner", "team", "Inner", {"graph": Graph("i", (task, each, group, result), tuple(wires)).to_json()})
    wires = [Wire("task", "inner"), Wire("inner", "last"), Wire("last", "result")]
    last = Node("last", "linear", "Last")
    outer = Node("outer", "team", "Outer", {"graph": Graph("o", (task, inner, last, result), tuple(wires)).to_json()})
    ends = Node("in", "columns", "In"), outer, Node("out", "estimate", "Out")
    whole = Graph("nested", ends, (Wire("in", "outer"), Wire("outer", "out")))
    alike(train(whole, table(), "y", Settings(batch_size=4, holdout=0, optimizer="momentum")))


@compiled
@pytest.mark.parametrize("loss", ["squared", "absolute", "huber", "quantile"])
def test_every_group_is_told_its_own_target(loss):
    settings = Settings(batch_size=5, holdout=0, optimizer="momentum", loss=loss, clip=0.1, l2=0.01, averaging=0.5)
    alike(train(grouped("mean"), table(), "y", settings))


@compiled
def test_groups_of_classes_train_alike():
    nodes = {"in": "columns", "each": ("linear", {"width": 3}), "group": ("group", {"by": "g"}), "out": "estimate"}
    drawn = graph(nodes, "in -> each", "each -> group", "group -> out")
    rows = table()
    names = np.array(["low", "middle", "high"])[np.digitize(rows.data["y"], [-0.4, 0.4])]
    data = {name: rows.data[name] for name in ("c0", "c1", "c2")}
    named = from_columns(data | {"g": [str(code) for code in rows.data["g"]], "y": list(names)})
    alike(train(drawn, named, "y", Settings(batch_size=5, holdout=0, optimizer="momentum")))


@compiled
@pytest.mark.parametrize("how", HOW)
def test_columns_that_nobody_learns_before_a_group_train_alike(how):
    nodes = {"in": "columns", "group": ("group", {"by": "g", "how": how}), "last": "linear", "out": "estimate"}
    drawn = graph(nodes, "in -> group", "group -> last", "last -> out")
    alike(train(drawn, table(), "y", Settings(batch_size=5, holdout=0, optimizer="momentum")))


@compiled
@pytest.mark.parametrize("how", HOW)
def test_what_is_no_number_comes_through_a_group(how):
    training = train(grouped(how), table(), "y", Settings(batch_size=16, holdout=0, optimizer="momentum"))
    training._work.features[:] = np.nan
    batches = training._order.batches(0, 1)
    for executor in (Tape(training._work, 16, 1), Callbacks(training._work)):
        _, losses = executor.advance(training._state, batches, np.full(1, 0.1), np.zeros(1))
        assert np.isnan(losses).all()


@compiled
def test_one_row_that_is_no_number_is_the_maximum_of_its_group():
    nodes = {"in": "columns", "group": ("group", {"by": "g", "how": "maximum"}), "last": "linear", "out": "estimate"}
    training = train(graph(nodes, "in -> group", "group -> last", "last -> out"), table(), "y", Settings(holdout=0))
    groups = training._work.groups
    longest = int(np.diff(groups.starts).argmax())
    training._work.features[groups.order[groups.starts[longest] + 777]] = np.nan
    for executor in (Tape(training._work, 16, 1), Callbacks(training._work)):
        slot = training.plan.voices[0].slot
        (answer,) = executor.results(training._state.parameters, np.arange(len(SIZES)), [slot])
        assert np.flatnonzero(np.isnan(answer[:, 0])).tolist() == [longest]


@compiled
def test_several_teams_that_take_turns_learn_from_groups():
    nodes = {"in": "columns", "a": ("linear", {"width": 2}), "drop": "dropout", "group": ("group", {"by": "g"}),
        "b": "linear", "c": "linear", "out": "estimate"}  # fmt: skip
    wires = "in -> a", "a -> drop", "drop -> group", "group -> b", "group -> c", "b -> out", "c -> out"
    settings = Settings(turns=True, epochs=3, optimizer="momentum", keep="best")
    training = train(graph(nodes, *wires), table((3,) * 80), "y", settings)
    assert len(training._work.plan.voices) == 2 and np.isnan(training._work.told).any()
    alike(training)
    assert list(training)[-1].kind == "finished"
