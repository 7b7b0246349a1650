"""Multiply: the product of the estimates."""

from __future__ import annotations

from engine.kind import ESTIMATES, Inputs, Kind, NoSettings
from engine.primitives.multiply import Multiply
from engine.program import Recorder


def lower(settings: NoSettings, inputs: Inputs, record: Recorder) -> int:
    return record.step(Multiply(), *inputs["estimates"])


kind = Kind(
    title="Multiply",
    family="combinator",
    help="Multiplies the estimates: one can switch another off or make it larger.",
    feedback="Everyone gets the feedback times all the others.",
    formula="a · b · …",
    inputs=ESTIMATES,
    lower=lower,
)
