"""Readings: sums over many arrays at once answer to NumPy's over each; wires and nodes say the same of one another."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from engine.readings import picks, sums
from engine.readings.digits import plain
from engine.readings.passes import Span
from engine.readings.reader import SHOWN_ROWS, Reader
from engine.readings.summaries import MOST_NUMBERS, Sheet
from engine.readings.sums import BINS
from engine.table import from_columns
from engine.tape import observing
from engine.training.settings import Settings
from engine.training.train import train
from tests.engine.graphs import california, graph, projects, random_graph, random_table

SHAPES = ((64, 1), (5, 3), (1, 1), (64, 1), (12, 7))


def laid_out(arrays):
    """A vector that holds the arrays column by column, with gaps, and where they stand."""
    numbers, spans = [], []
    for array in arrays:
        rows, width = array.shape
        spans.append(Span(len(numbers), rows, width, rows + 3))
        padded = np.full((rows + 3, width), np.nan)
        padded[:rows] = array
        numbers.extend(padded.T.ravel())
    return np.array(numbers), spans


def filled(arrays, spans, scales=None, offsets=None):
    numbers, places = laid_out(arrays)
    count = len(arrays)
    sheet = Sheet([[one] for one in places], spans, scales=scales or [1.0] * count, offsets=offsets or [0.0] * count)
    sheet.fill(numbers)
    return sheet


def drawn(generator):
    return [generator.normal(3, 2, size=shape) for shape in SHAPES]


def test_a_span_is_where_its_numbers_stand():
    array = np.arange(15.0).reshape(5, 3)
    numbers, (_, span) = laid_out([np.ones((4, 2)), array])
    assert_array_equal(span.of(numbers), array)
    assert_array_equal(numbers[span.places()], array)


def test_a_span_is_summed_up_as_its_arrays_together():
    arrays = drawn(np.random.default_rng(0))
    sheet = filled(arrays, [0, 1, 3], [1.0, 2.0, 1.0, -3.0, 1.0], [0.0, 5.0, 0.0, 0.0, 0.0])
    told = [arrays[0], 5 + 2 * arrays[1], arrays[2], -3 * arrays[3], arrays[4]]
    for found, first, end in zip(sheet.summaries(), (0, 1, 3), (1, 3, 5), strict=True):
        numbers = np.concatenate([array.ravel() for array in told[first:end]])
        assert_allclose([found["mean"], found["std"]], [numbers.mean(), numbers.std()], rtol=1e-4)
        histogram = found["histogram"]
        assert_allclose([histogram["low"], histogram["high"]], [numbers.min(), numbers.max()], rtol=1e-4)
        assert_array_equal(histogram["counts"], np.histogram(numbers, bins=BINS)[0])


def test_what_stands_in_several_places_is_added_up_and_what_stands_nowhere_is_nothing():
    generator = np.random.default_rng(1)
    arrays = [generator.normal(size=(12, 7)) for _ in range(4)]
    numbers, places = laid_out(arrays)
    told = [places[:1], [], places[1:]]
    sheet = Sheet(told, [0, 1, 2], scales=[2.0, 1.0, -1.0], offsets=[1.0, 0.0, 0.0])
    for _ in range(2):
        sheet.fill(numbers)
    mean, size = sheet.means(0)
    expected = [1 + 2 * arrays[0], np.zeros(1), -(arrays[1] + arrays[2] + arrays[3])]
    assert_allclose(mean, [one.mean() for one in expected])
    assert_allclose(size, [np.abs(one).mean() for one in expected])


def test_means_are_those_of_each_array():
    arrays = drawn(np.random.default_rng(1))
    mean, size = filled(arrays, [0]).means(2)
    assert_allclose(mean, [one.mean() for one in arrays[2:]])
    assert_allclose(size, [np.abs(one).mean() for one in arrays[2:]])


def test_what_is_left_of_numbers_that_cancel_out_is_nothing():
    pairs = np.array([[3.0, -3.0], [1e7, -1e7]])
    sheet = filled([pairs + 1e-9, pairs + 1e3, np.full((2, 2), 1e-9)], [0, 1, 2])
    for means in ([told["mean"] for told in sheet.summaries()], sheet.means(0)[0].tolist()):
        assert means == pytest.approx([0, 1e3, 1e-9]) and means[0] == 0


@pytest.mark.parametrize("width", [1, 2, 36, 100, 101])
def test_of_a_large_array_every_column_and_the_last_rows_are_seen(width):
    rows = 4 * MOST_NUMBERS // width
    columns = np.tile(np.arange(width), (rows, 1))
    numbers = np.repeat(np.arange(rows), width).reshape(rows, width)
    by_column, by_row = filled([columns, numbers], [0, 1]).summaries()
    assert (by_column["histogram"]["low"], by_column["histogram"]["high"]) == (0, width - 1)
    assert by_row["histogram"]["high"] >= 0.98 * (rows - 1)
    assert sum(by_row["histogram"]["counts"]) < rows * width
    assert_allclose(by_column["mean"], (width - 1) / 2, rtol=0.05)


def test_what_is_no_number_is_told_as_none():
    sheet = filled([np.array([[np.nan], [1.0], [2.0]]), np.array([[1.0], [1.0], [np.inf]])], [0, 1])
    with np.errstate(invalid="ignore"):
        one, other = sheet.summaries()
    assert one["mean"] is None and other["mean"] is None and other["histogram"]["high"] is None
    assert sum(one["histogram"]["counts"]) == sum(other["histogram"]["counts"]) == 3


def test_numbers_are_told_to_five_digits():
    assert plain(np.array([123456.7, -0.000123456, 0.0, np.nan])) == [123460.0, -0.00012346, 0.0, None]


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_targets_are_told_as_the_table_has_them(precision):
    prices = [729_932.0, 1_286_677.0, 88.0, 1_250_003.5 if precision == "float64" else 1_250_003.0]
    table = from_columns({"a": np.arange(4.0), "y": np.array(prices)})
    drawn = graph({"in": "columns", "a": "linear", "out": "estimate"}, "in -> a", "a -> out")
    training = train(drawn, table, "y", Settings(holdout=0, precision=precision))
    rows = Reader(training._work, training.parts.train).read(training._state.parameters, 0.0).rows
    assert rows["targets"]["out"] == prices


@pytest.mark.parametrize("seed", range(5))
def test_readings_without_the_tape_say_the_same(seed, monkeypatch):
    generator = np.random.default_rng(seed)
    training = train(random_graph(generator, 9, 3), random_table(generator, 90, 3), "y", Settings(seed=seed))
    reader, parameters = Reader(training._work, training.parts.train), training.plan.start(seed)
    found = reader.read(parameters, 0.0)
    for module in (observing, sums, picks):
        monkeypatch.setattr(module, "library", lambda: None)
    expected = Reader(training._work, training.parts.train).read(parameters, 0.0)
    assert found.rows["rows"] == expected.rows["rows"] and found.rows["winners"] == expected.rows["winners"]
    for part in ("nodes", "wires", "rows"):
        assert_alike(getattr(found, part), getattr(expected, part))


def assert_alike(found, expected):
    """The same JSON, but for the last of five digits; who is how often in which bin follows from those."""
    if isinstance(expected, dict):
        assert found.keys() == expected.keys()
        for key in expected.keys() - {"counts"}:
            assert_alike(found[key], expected[key])
    elif isinstance(expected, list):
        assert len(found) == len(expected)
        for one, other in zip(found, expected, strict=True):
            assert_alike(one, other)
    elif isinstance(expected, float):
        assert_allclose(found, expected, rtol=3e-4, atol=1e-9)
    else:
        assert found == expected


@pytest.mark.parametrize("seed", range(5))
def test_a_node_that_reads_one_wire_gets_back_what_the_wire_carries(seed):
    generator = np.random.default_rng(seed)
    team, table = random_graph(generator, 6, 3), random_table(generator, 60, 3)
    *_, last = train(team, table, "y", Settings(epochs=2), pace=lambda: 4)
    into = {}
    for wire in team.wires:
        into.setdefault(wire.target, []).append(wire)
    for target, (wire, *others) in into.items():
        carried = last.wires[wire.id]
        assert carried["result"] == last.nodes[wire.source]["result"]["mean"]
        if not others:
            assert carried["feedback"] == last.nodes[target]["re_task"]["mean"]
            assert carried["size"] >= abs(carried["feedback"]) * (1 - 1e-4)
    assert set(last.wires) >= {wire.id for wire in team.wires}


def test_a_winner_is_told_at_its_node_and_at_its_wire():
    *_, last = train(california(), projects(), "Cost", Settings(epochs=30), pace=lambda: 30)
    for worker in ("dani", "ely"):
        assert last.wires[f"{worker}->loudest"]["wins"] == last.nodes[worker]["wins"]
    assert "wins" not in last.wires["alex->crowd"]


def test_a_team_of_one_worker_is_read():
    alone = graph({"in": "columns", "a": "linear", "out": "estimate"}, "in -> a", "a -> out")
    *_, last = train(alone, projects(), "Cost", Settings(epochs=2))
    assert set(last.wires) == {"in->a", "a->out"}
    assert last.nodes["out"]["re_task"] == last.nodes["out"]["re_result"]


@pytest.mark.parametrize(("workers", "columns", "rows"), [(4, 20, 64), (300, 400, 34), (400, 1_500, 24)])
def test_where_very_many_read_very_wide_tasks_fewer_rows_are_read(workers, columns, rows):
    names = [f"w{place}" for place in range(workers)]
    nodes = {"in": "columns", **dict.fromkeys(names, "linear"), "sum": "addition", "out": "estimate"}
    drawn = graph(nodes, *(f"in -> {name}" for name in names), *(f"{name} -> sum" for name in names), "sum -> out")
    training = train(drawn, random_table(np.random.default_rng(0), 200, columns), "y", Settings(), pace=lambda: 1)
    assert rows - SHOWN_ROWS <= len(training._reader._slots[0]) <= rows  # some may be among those that are shown
