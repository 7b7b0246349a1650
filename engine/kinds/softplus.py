"""Softplus: a rounded ReLU: never below zero, nearly straight above."""

from __future__ import annotations

from engine.joined import joined
from engine.kind import ONE_TASK, Inputs, Kind, NoSettings
from engine.primitives.curve import Curve
from engine.program import Recorder


def lower(settings: NoSettings, inputs: Inputs, record: Recorder) -> int:
    return record.step(Curve("softplus"), joined(inputs["task"], record))


kind = Kind(
    title="Softplus",
    family="bend",
    help="A rounded ReLU: never below zero, nearly straight above.",
    feedback="It is told less, the further below zero the number was.",
    formula="log(1 + exp(x))",
    inputs=ONE_TASK,
    lower=lower,
)
