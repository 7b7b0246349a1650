"""Sigmoid: bends numbers into the range from 0 to 1, like a share or a chance."""

from __future__ import annotations

from engine.joined import joined
from engine.kind import ONE_TASK, Inputs, Kind, NoSettings
from engine.primitives.curve import Curve
from engine.program import Recorder


def lower(settings: NoSettings, inputs: Inputs, record: Recorder) -> int:
    return record.step(Curve("sigmoid"), joined(inputs["task"], record))


kind = Kind(
    title="Sigmoid",
    family="bend",
    help="Bends numbers into the range from 0 to 1, like a share or a chance.",
    feedback="It is told less, the nearer the result was to 0 or 1.",
    formula="1 / (1 + exp(-x))",
    inputs=ONE_TASK,
    lower=lower,
)
