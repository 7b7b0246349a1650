"""What holds for every kind, whoever wrote it."""

import json

import numpy as np
import pytest
from numpy.testing import assert_allclose

from engine import fields
from engine.callbacks import run
from engine.graph import Graph, Node, Wire
from engine.kind import FAMILIES, catalogue, describe
from engine.layout import start
from engine.lowering import lower
from engine.primitive import Moment
from engine.program import TaskColumn
from engine.stack import stack
from engine.wiggling import sealed, wiggle

KINDS = sorted(catalogue())
each_kind = pytest.mark.parametrize("name", KINDS)
WIDTH, ROWS = 3, 5


def recorded(name, wires):
    """One node of the kind, with so many wires into each port, from as many nodes that hand the task on."""
    name = "team" if catalogue()[name].for_teams else name  # which has one of each inside
    kind, columns = catalogue()[name], [f"c{place}" for place in range(WIDTH)]
    counts = {port.name: min(max(port.least, wires), port.most or WIDTH + wires) for port in kind.inputs}
    if name == "choose":  # as many estimates as the task, which scores them, is wide
        counts |= {"estimates": WIDTH, "scores": 1}
    sources = [Node(f"in{place}", "columns", "In") for place in range(max(1, *counts.values(), 1))]
    it, other = Node("it", name, "It", kind.example(columns, ["other"])), Node("other", "linear", "Other")
    laid = [Wire(sources[place].id, "it", None, port) for port, count in counts.items() for place in range(count)]
    graph = Graph("one", (*sources, it, other), (*laid, *(Wire(source.id, "other") for source in sources)))
    lowered = lower(graph, {column: TaskColumn((place,)) for place, column in enumerate(columns)})
    assert lowered.failures == {}
    return lowered.program, lowered.results["it"]


@each_kind
@pytest.mark.parametrize("wires", [1, 2, 3, 4])
@pytest.mark.parametrize("softness", [0.0, 1.0])
@pytest.mark.parametrize("scale", [0.1, 1, 10])
def test_feedback_is_what_wiggling_shows(name, wires, softness, scale):
    program, slot = recorded(name, wires)
    places = stack(program, [slot]).layout
    flat = sealed(start(places, program.parameters, seed=3))
    generator = np.random.default_rng(5)
    task, moment = sealed(scale * generator.normal(size=(ROWS, WIDTH))), Moment(softness)
    slots, feedback = run(program, task, places.views(flat), moment)
    re_result = sealed(generator.normal(size=slots[slot].shape))
    told = feedback({slot: re_result})
    re_task = np.zeros_like(task) if told.slots[0] is None else told.slots[0]
    assert_allclose(
        re_task, wiggle(lambda at: run(program, at, places.views(flat), moment)[0][slot], task, re_result), atol=1e-6
    )
    for place, re_parameter in zip(places.places, told.parameters, strict=True):
        if re_parameter is None:  # of the other worker, whom nobody asked
            continue

        def with_parameter(value, place=place):
            changed = flat.copy()
            place.view(changed)[...] = value
            return run(program, task, places.views(changed), moment)[0][slot]

        assert_allclose(re_parameter, wiggle(with_parameter, place.view(flat).copy(), re_result), atol=1e-6)


@each_kind
def test_it_describes_itself(name):
    told = describe(name)
    assert json.loads(json.dumps(told))["kind"] == name
    assert told["family"] in FAMILIES
    for sentence in (told["help"], told["feedback"]):
        assert sentence[0].isupper() and sentence.endswith(".") and len(sentence) < 160
    for setting in told["settings"]["fields"]:
        assert setting["title"] and setting["help"].endswith(".")
        assert fields.refusals(catalogue()[name].settings, {setting["name"]: setting["default"]}) == {}


@each_kind
def test_it_refuses_settings_it_does_not_have(name):
    assert "there is no setting" in fields.refusals(catalogue()[name].settings, {"nonsense": 1})["nonsense"]
