"""Models for tests: trained on the essay's table, as documents."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from typing import Any

import orjson

from engine import graph as graphs
from engine.model import Model, checked_rows
from engine.model_json import to_json
from engine.table import Table, from_columns
from engine.training.settings import Settings
from engine.training.train import train
from tests.engine.graphs import CALIFORNIA, graph


def projects() -> Table:
    return from_columns({"California": [0, 1, 0, 1], "Renewables": [0, 0, 1, 1], "Cost": [1, 5, 8, 10]})


@cache
def model(several: bool = True) -> Model:
    """The two teams, or the maximum alone; trained for a moment, so that no number is round."""
    drawn: dict[str, Any] = dict(CALIFORNIA)
    if not several:
        mine = {"in", "dani", "ely", "loudest", "bold"}
        drawn["nodes"] = [node for node in CALIFORNIA["nodes"] if node["id"] in mine]
        drawn["wires"] = [wire for wire in CALIFORNIA["wires"] if {wire["source"], wire["target"]} <= mine]
    training = train(graphs.from_json(drawn), projects(), "Cost", Settings(epochs=37, holdout=0))
    for _ in training:
        pass
    made = Model(training.plan, training.parameters, "Cost", {"seed": 0})
    return replace(made, checks=checked_rows(made, projects()))


def document(several: bool = True) -> dict[str, Any]:
    """The model's document, a fresh copy each time."""
    return as_document(model(several))


@cache
def model_of_classes(count: int) -> Model:
    """A linear worker that tells apart two or three classes by one number."""
    x = [place / 30 for place in range(30)]
    table = from_columns({"x": x, "class": ["abc"[int(count * one)] for one in x]})
    line = ("linear", {"width": 1 if count == 2 else count})
    drawn = graph({"in": "columns", "line": line, "out": "estimate"}, "in -> line", "line -> out")
    training = train(drawn, table, "class", Settings(epochs=30, holdout=0))
    for _ in training:
        pass
    made = Model(training.plan, training.parameters, "class", {"seed": 0})
    return replace(made, checks=checked_rows(made, table))


def as_document(made: Model) -> dict[str, Any]:
    """A model as JSON."""
    told: dict[str, Any] = json.loads(orjson.dumps(to_json(made)))
    return told
