"""GELU: a smooth ReLU that dips a little below zero."""

from __future__ import annotations

from engine.joined import joined
from engine.kind import ONE_TASK, Inputs, Kind, NoSettings
from engine.primitives.curve import Curve
from engine.program import Recorder


def lower(settings: NoSettings, inputs: Inputs, record: Recorder) -> int:
    return record.step(Curve("gelu"), joined(inputs["task"], record))


kind = Kind(
    title="GELU",
    family="bend",
    help="A smooth ReLU that dips a little below zero.",
    feedback="It is multiplied by the slope of the curve where the number stood.",
    formula="x · Φ(x)",
    inputs=ONE_TASK,
    lower=lower,
)
