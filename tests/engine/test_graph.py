"""Graph JSON: there and back again, and everything that is refused."""

import copy
import json

import pytest

from engine import graph as graphs
from engine.errors import GraphRefused
from tests.engine.graphs import CALIFORNIA


def test_it_comes_back_as_it_was():
    read = graphs.from_json(CALIFORNIA)
    assert graphs.from_json(json.loads(json.dumps(read.to_json()))) == read
    assert read.node("dani").name == "Dani"


def test_what_is_left_out_takes_its_default():
    read = graphs.from_json(
        {"format": "backchannel.graph", "version": 1, "nodes": [{"id": "a", "kind": "linear"}], "wires": []}
    )
    assert (read.name, read.nodes[0].name, read.nodes[0].position) == ("Untitled", "a", (0.0, 0.0))


def changed(path, value):
    document = copy.deepcopy(CALIFORNIA)
    at = document
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    return document


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ([], "not a JSON object"),
        (changed(["format"], "else"), 'does not say "format"'),
        (changed(["version"], 2), "not of version 1"),
        (changed(["extra"], 1), "unknown field 'extra'"),
        (changed(["nodes"], {}), "not a list"),
        (changed(["nodes", 0], 7), "Node 1 is not a JSON object"),
        (changed(["nodes", 0, "id"], ""), "Node 1 needs an id"),
        (changed(["nodes", 0, "id"], "a" * 65), "Node 1 needs an id"),
        (changed(["nodes", 0, "id"], "a->b"), "Node 1 needs an id"),
        (changed(["nodes", 0, "name"], "x" * 201), "at most 200 characters"),
        (changed(["nodes", 0, "settings"], []), "settings of Node 1"),
        (changed(["nodes", 0, "position"], {"x": float("nan"), "y": 0}), "position of Node 1"),
        (changed(["wires", 0], {"source": "in"}), "Wire 1 needs an id"),
        (changed(["nodes"], [{"id": str(n), "kind": "linear"} for n in range(10_001)]), "at most 10,000"),
    ],
)
def test_what_is_wrong_is_said(document, said):
    with pytest.raises(GraphRefused) as refused:
        graphs.from_json(document)
    assert said in str(refused.value)


def test_everything_that_is_wrong_is_said_at_once():
    document = changed(["nodes", 0, "id"], "")
    document["wires"][0]["colour"] = "red"
    document["name"] = 7
    with pytest.raises(GraphRefused) as refused:
        graphs.from_json(document)
    assert len(refused.value.problems) == 3
