"""Noop: hands its task on as it is."""

from __future__ import annotations

from engine.joined import joined
from engine.kind import ONE_TASK, Inputs, Kind, NoSettings
from engine.program import Recorder


def lower(settings: NoSettings, inputs: Inputs, record: Recorder) -> int:
    return joined(inputs["task"], record)


kind = Kind(
    title="Pass on",
    family="combinator",
    help="Hands its task on as it is: a place to gather wires, or to look at what goes through.",
    feedback="It is handed on as it is.",
    formula="x",
    inputs=ONE_TASK,
    lower=lower,
    target_units={"task": "same"},
)
