"""What holds for every kind, whoever wrote it."""

import json

import numpy as np
import pytest
from numpy.testing import assert_allclose

from engine import fields
from engine.callbacks import run
from engine.gradcheck import sealed, wiggle
from engine.kind import FAMILIES, catalogue, describe
from engine.layout import start
from engine.primitive import Moment
from engine.program import Recorder, TaskColumn
from engine.stack import stack

KINDS = sorted(catalogue())
each_kind = pytest.mark.parametrize("name", KINDS)
WIDTH, ROWS = 3, 5


def recorded(name, wires):
    """The kind alone, with so many wires into each port, all reading the task."""
    kind, columns = catalogue()[name], [f"c{place}" for place in range(WIDTH)]
    record = Recorder({column: TaskColumn((place,)) for place, column in enumerate(columns)})
    inputs = {port.name: (0,) * min(max(port.least, wires), port.most or wires) for port in kind.inputs}
    settings = fields.read(kind.settings, kind.example(columns, ["other"]))
    linear = catalogue()["linear"]
    record.teach_again(lambda worker, given: linear.lower(linear.settings(), given, record))
    if name == "choose":  # as many estimates as the task, which scores them, is wide
        inputs["estimates"] = (0,) * WIDTH
        inputs["scores"] = (0,)
    with record.at("it"):
        slot = kind.lower(settings, inputs, record)
    return record.program(), slot


@each_kind
@pytest.mark.parametrize("wires", [1, 2, 3, 4])
@pytest.mark.parametrize("softness", [0.0, 1.0])
def test_feedback_is_what_wiggling_shows(name, wires, softness):
    program, slot = recorded(name, wires)
    places = stack(program, [slot]).layout
    flat = sealed(start(places, program.parameters, seed=3))
    generator = np.random.default_rng(5)
    task, moment = sealed(generator.normal(size=(ROWS, WIDTH))), Moment(softness)
    slots, feedback = run(program, task, places.views(flat), moment)
    re_result = sealed(generator.normal(size=slots[slot].shape))
    told = feedback({slot: re_result})
    re_task = np.zeros_like(task) if told.slots[0] is None else told.slots[0]
    assert_allclose(
        re_task, wiggle(lambda at: run(program, at, places.views(flat), moment)[0][slot], task, re_result), atol=1e-6
    )
    for place, re_parameter in zip(places.places, told.parameters, strict=True):

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
