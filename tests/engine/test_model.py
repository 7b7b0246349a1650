"""Models: there and back again to the last bit, on rows as tables have them, and explained exactly."""

import copy
import json

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import engine
from engine.errors import DataRefused, ModelRefused
from engine.formula import formulas
from engine.model import Model, checked_rows
from engine.model_json import from_json, to_json
from engine.table import Column, Table, from_columns
from engine.training.settings import Settings
from engine.training.train import train
from tests.engine.graphs import california, graph, projects, random_graph, random_table


def trained(drawn, table, target, **settings):
    training = train(drawn, table, target, Settings(**settings))
    for _ in training:
        pass
    model = Model(training.plan, training.parameters, target, {"seed": 0})
    return Model(training.plan, training.parameters, target, {"seed": 0}, checked_rows(model, table))


@pytest.fixture(scope="module")
def essay():
    return trained(california(), projects(), "Cost")


def mixed_table(rows=60):
    generator = np.random.default_rng(4)
    sizes, cities = generator.normal(80, 30, rows), generator.integers(0, 3, rows)
    sizes[::7] = np.nan
    codes = np.where(np.arange(rows) % 11 == 0, -1, cities).astype(np.int32)
    price = 1000 + 12 * np.nan_to_num(sizes, nan=50) + 300 * cities + generator.normal(0, 5, rows)
    days = generator.integers(18_000, 20_000, rows).astype(float)
    columns = (
        Column("Size", "number"),
        Column("City", "category", ("Bergen", "Lima", "Oslo")),
        Column("Sold", "date"),
        Column("New", "boolean"),
        Column("Price", "number"),
    )
    data = {"Size": sizes, "City": codes, "Sold": days, "New": (days % 2 == 0) * 1.0, "Price": price}
    return Table(columns, data)


MIXED_TEAM = graph(
    {
        "in": "columns",
        "a": "linear",
        "b": "linear",
        "c": "linear",
        "max": "maximum",
        "avg": "average",
        "out": "estimate",
    },
    *("in -> a", "in -> b", "in -> c", "a -> max", "b -> max", "max -> avg", "c -> avg", "avg -> out"),
)


def test_it_comes_back_with_the_same_bits(essay):
    text = json.dumps(to_json(essay), allow_nan=False)
    again = engine.load(json.loads(text))
    assert_array_equal(again.parameters, essay.parameters)
    assert json.dumps(to_json(again)) == text
    rows = [{"California": 1, "Renewables": 0.3}, {}]
    assert again.predict(rows) == essay.predict(rows)


def test_it_can_be_loaded_from_a_file(essay, tmp_path):
    (tmp_path / "model.json").write_text(json.dumps(to_json(essay)))
    assert engine.load(tmp_path / "model.json").estimates == ["calm", "bold"]
    (tmp_path / "broken.json").write_text("{")
    with pytest.raises(ModelRefused, match="not JSON"):
        engine.load(tmp_path / "broken.json")


def test_it_predicts_the_essays_costs(essay):
    found = essay.predict([projects().row(row) for row in range(4)])
    assert_allclose([row["bold"] for row in found], [1, 5, 8, 10], atol=1e-3)
    assert_allclose([row["calm"] for row in found], [1.5, 4.5, 7.5, 10.5], atol=1e-3)
    assert essay.checks[1]["row"] == {"California": 1, "Renewables": 0}


def test_workers_can_be_read_in_the_tables_own_units(essay):
    told = formulas(essay)
    for row in range(4):
        task = projects().row(row)
        estimates = {
            node: formula["intercept"] + sum(weight * task[name] for name, weight in formula["weights"].items())
            for node, formula in told.items()
        }
        predicted = essay.predict([task])[0]
        assert_allclose(max(estimates["dani"], estimates["ely"]), predicted["bold"])
        assert_allclose((estimates["alex"] + estimates["bo"]) / 2, predicted["calm"])


def learnt_from(table, column):
    """The column in the rows that a training with the usual settings does not hold out."""
    return table.data[column][train(MIXED_TEAM, table, "Price", Settings()).parts.train]


@pytest.mark.parametrize("row", range(8))
def test_an_explanation_adds_up_exactly(row):
    table = mixed_table()
    model = trained(MIXED_TEAM, table, "Price", epochs=200)
    task = table.row(row)
    told = model.explain(task)
    assert told["exact"] is True
    assert set(told["contributions"]) == {"Size", "City", "Sold", "New"}
    assert_allclose(told["base"] + sum(told["contributions"].values()), told["estimate"], rtol=1e-12)
    assert_allclose(told["estimate"], model.predict([task])[0], rtol=1e-12)
    assert told["path"] == [{"node": "max", "winner": told["path"][0]["winner"]}]
    if task["Size"] is not None:
        wider = model.predict([task | {"Size": task["Size"] + 1e-6}])[0]
        unusual = task["Size"] - np.nanmean(learnt_from(table, "Size"))
        assert_allclose((wider - told["estimate"]) / 1e-6 * unusual, told["contributions"]["Size"], rtol=1e-3)


def test_contributions_count_from_a_row_where_all_is_as_usual():
    """Neither where a column's numbers begin nor how much all categories have in common is any of their doing."""
    rows = {"Day": [7000.0, 7002.0, 7004.0, 7006.0], "City": ["Oslo", "Bergen", "Oslo", "Bergen"], "y": [1.0, 2, 3, 4]}
    line = graph({"in": "columns", "a": "linear", "out": "estimate"}, "in -> a", "a -> out")
    told = trained(line, from_columns(rows), "y", solve=True).explain({"Day": 7003.0, "City": "Oslo"})
    assert_allclose(told["contributions"]["Day"], 0, atol=1e-9)
    assert abs(told["base"] - 2.5) < 0.5 and abs(told["contributions"]["City"]) < 0.5
    both = [trained(line, from_columns(rows), "y", solve=True).explain({"City": city}) for city in ("Oslo", "Bergen")]
    assert_allclose(sum(one["contributions"]["City"] for one in both), 0, atol=1e-9)
    assert [one["contributions"]["Day"] for one in both] == [0, 0]


def test_values_come_as_a_person_writes_them():
    model = trained(MIXED_TEAM, mixed_table(), "Price", epochs=20)
    usual = {"Size": 80, "City": "Oslo", "Sold": "2020-05-01", "New": True}
    spelt = {"Size": "80", "City": "Oslo", "Sold": 18383, "New": "yes"}
    assert model.predict([usual]) == model.predict([spelt])
    assert np.isfinite(model.predict([{}, {"City": "Atlantis"}, {"Size": None}])).all()
    for wrong in ({"Size": "large"}, {"Sold": "yesterday"}, {"New": "perhaps"}, {"Size": "1_000"}):
        with pytest.raises(DataRefused, match=f"Column '{next(iter(wrong))}' wants"):
            model.predict([wrong])


def test_random_teams_come_back_with_the_same_bits():
    for seed in range(12):
        generator = np.random.default_rng(seed)
        drawn, table = random_graph(generator, 6, 3), random_table(generator, 30, 3)
        model = trained(drawn, table, "y", epochs=3, seed=seed)
        again = from_json(json.loads(json.dumps(to_json(model))))
        assert_array_equal(again.predict_array(table), model.predict_array(table))


def broken(document, path, value):
    document = copy.deepcopy(document)
    at = document
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    return document


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (["format"], "pickle", "not a model"),
        (["version"], 9, "not of version 1"),
        (["code"], "import os", "unknown field 'code'"),
        (["training"], {"path": "/etc"}, "unknown field 'path'"),
        (["graph", "nodes", 0, "url"], "http://x", "unknown field 'url'"),
        (["graph", "wires"], [], "cannot work"),
        (["parameters", "dani", "weights"], [[1.0]], "1 x 2|shape"),
        (["parameters", "dani", "weights", 0, 0], float("inf"), "no finite number"),
        (["parameters", "dani", "weights", 0, 0], "1", "no finite number"),
        (["parameters", "dani"], {"weights": [[1.0, 2.0]]}, "'bias' of node 'dani' is missing"),
        (["parameters", "ghost"], {"weights": [[1.0]]}, "'weights' of node 'ghost' is not known"),
        (["parameters"], [], "not objects of arrays"),
        (["columns"], [{"name": "California"}], "shape|not readable"),
        (["columns", 0, "scale"], 0, "not readable"),
        (["columns", 0, "extra"], 0, "not readable"),
        (["target"], "Cost", '"target"'),
        (["target", "scales"], [], "how its target Cost is scaled"),
        (["target", "scales", 0, "scale"], 0, "is zero"),
        (["checks"], [{"row": []}], "A check"),
    ],
)
def test_a_document_that_is_no_model_is_refused(essay, path, value, said):
    with pytest.raises(ModelRefused, match=said):
        from_json(broken(to_json(essay), path, value))


def test_several_targets_are_told_each_in_its_own_units():
    table = from_columns({"x": [0.0, 1, 2, 3], "y": [1.0, 3, 5, 7], "z": [100.0, 90, 80, 70]})
    drawn = graph(
        {"in": "columns", "a": "linear", "b": "linear", "y": "estimate", "z": ("estimate", {"target": "z"})},
        *("in -> a", "in -> b", "a -> y", "b -> z"),
    )
    model = trained(drawn, table, "y")
    again = from_json(to_json(model))
    assert_allclose([list(row.values()) for row in again.predict([{"x": 4.0}])], [[9, 60]], atol=1e-3)
    assert again.plan.preparation.names() == ["x"]
