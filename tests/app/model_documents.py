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
from tests.engine.graphs import CALIFORNIA


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
    told: dict[str, Any] = json.loads(orjson.dumps(to_json(model(several))))
    return told
