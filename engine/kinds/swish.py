"""Swish: a smooth ReLU: the number times its own sigmoid."""

from __future__ import annotations

from engine.joined import joined
from engine.kind import ONE_TASK, Inputs, Kind, NoSettings
from engine.primitives.curve import Curve
from engine.program import Recorder


def lower(settings: NoSettings, inputs: Inputs, record: Recorder) -> int:
    return record.step(Curve("swish"), joined(inputs["task"], record))


kind = Kind(
    title="Swish",
    family="bend",
    help="A smooth ReLU: the number times its own sigmoid.",
    feedback="It is multiplied by the slope of the curve where the number stood.",
    formula="x / (1 + exp(-x))",
    inputs=ONE_TASK,
    lower=lower,
)
