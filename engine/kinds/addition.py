"""Addition: the sum of the estimates."""

from __future__ import annotations

from engine.kind import ESTIMATES, Inputs, Kind, NoSettings
from engine.primitives.add import Add
from engine.program import Recorder


def lower(settings: NoSettings, inputs: Inputs, record: Recorder) -> int:
    return record.step(Add(), *inputs["estimates"])


kind = Kind(
    title="Addition",
    family="combinator",
    help="Adds the estimates up.",
    feedback="Everyone gets all of the feedback.",
    formula="a + b + …",
    inputs=ESTIMATES,
    lower=lower,
    target_units={"estimates": "shared"},
    basic=True,
)
