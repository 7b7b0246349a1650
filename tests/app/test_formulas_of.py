"""The table of what linear workers learnt: every weight once, the values of a category below its column."""

from __future__ import annotations

from app.pages._formulas import formulas_of
from engine.formula import formulas
from engine.model import Model
from engine.table import Column, from_rows
from engine.training.settings import Settings
from engine.training.train import train
from tests.app.model_documents import model
from tests.engine.graphs import graph

COLUMNS = (Column("town", "category", ("Aachen", "Bonn")), Column("size", "number"), Column("cost", "number"))


def learnt() -> Model:
    """One linear worker; a town and a size are missing."""
    towns, sizes = ["Aachen", "Bonn", None, "Bonn"], [1, None, 3, 4]
    rows = [{"town": town, "size": size, "cost": 5} for town, size in zip(towns, sizes, strict=True)]
    table = from_rows(COLUMNS, [*rows, {"town": "Bonn", "size": 2, "cost": 9}])
    drawn = graph({"in": "columns", "line": "linear", "out": "estimate"}, "in -> line", "line -> out")
    training = train(drawn, table, "cost", Settings(epochs=3, holdout=0))
    for _ in training:
        pass
    return Model(training.plan, training.parameters, "cost", {"seed": 0})


def test_every_weight_stands_beside_what_it_weighs() -> None:
    weights = next(iter(formulas(learnt()).values()))["weights"]
    town, size = formulas_of(learnt()).columns
    assert (town.column, list(town.weights)) == ("town", [])
    assert {part.name: part.weights[0] for part in town.parts} == {
        "Aachen": weights["town = Aachen"],
        "Bonn": weights["town = Bonn"],
        "was missing": weights["town was missing"],
    }
    assert (size.column, list(size.weights)) == ("size", [weights["size"]])
    assert [(part.name, part.weights[0]) for part in size.parts] == [("was missing", weights["size was missing"])]


def test_workers_stand_side_by_side() -> None:
    told, found = formulas_of(model()), formulas(model())
    assert len(told.workers) == len(told.biases) == len(found)
    for place, formula in enumerate(found.values()):
        assert told.biases[place] == formula["intercept"]
        assert {read.column: read.weights[place] for read in told.columns} == formula["weights"]
