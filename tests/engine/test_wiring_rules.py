"""The check and the browser agree on which wires may be laid: both are held to one file of cases."""

import json
from pathlib import Path

import pytest

from engine.graph import Graph, Node, Wire
from engine.kind import describe
from engine.wiring import wiring_problems

WIRING = json.loads((Path(__file__).parents[1] / "cases" / "wiring.json").read_text())
ABOUT_WIRES = {"unknown-port", "cycle", "duplicate-wire", "too-many-wires"}


def wire(text):
    source, _, target = text.partition(" -> ")
    target, _, port = target.partition(":")
    return Wire(source, target, target_port=port or None)


def codes(laid):
    nodes = tuple(Node(id, kind, id) for id, kind in WIRING["nodes"].items())
    graph = Graph("cases", nodes, tuple(wire(text) for text in laid))
    return {problem.code for problem in wiring_problems(graph)} & ABOUT_WIRES


@pytest.mark.parametrize("case", WIRING["cases"], ids=lambda case: case["name"])
def test_a_wire_makes_the_problem_that_the_case_says(case):
    assert codes(case["laid"]) == set()
    assert codes([*case["laid"], case["wire"]]) == ({case["code"]} if case["code"] else set())


def test_every_problem_that_a_wire_can_make_has_a_case():
    assert {case["code"] for case in WIRING["cases"]} == {*ABOUT_WIRES, None}


@pytest.mark.parametrize("kind", WIRING["kinds"])
def test_the_ports_of_the_cases_are_those_of_the_kind(kind):
    ports = describe(kind)["ports"]
    inputs = [{name: port[name] for name in ("name", "least", "most")} for port in ports["inputs"]]
    assert WIRING["kinds"][kind] == {"inputs": inputs, "outputs": ports["outputs"]}
