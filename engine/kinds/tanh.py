"""Tanh: bends numbers into the range from -1 to 1."""

from __future__ import annotations

from engine.joined import joined
from engine.kind import ONE_TASK, Inputs, Kind, NoSettings
from engine.primitives.curve import Curve
from engine.program import Recorder


def lower(settings: NoSettings, inputs: Inputs, record: Recorder) -> int:
    return record.step(Curve("tanh"), joined(inputs["task"], record))


kind = Kind(
    title="Tanh",
    family="bend",
    help="Bends numbers into the range from -1 to 1.",
    feedback="It is told less, the further out the number was.",
    formula="tanh(x)",
    inputs=ONE_TASK,
    lower=lower,
)
