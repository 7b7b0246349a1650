"""Average: the addition, divided by how many there are."""

from __future__ import annotations

from engine.kind import ESTIMATES, Inputs, Kind, NoSettings
from engine.kinds import addition
from engine.primitives.scale import Scale
from engine.program import Recorder


def lower(settings: NoSettings, inputs: Inputs, record: Recorder) -> int:
    return record.step(Scale(1 / len(inputs["estimates"])), addition.lower(settings, inputs, record))


kind = Kind(
    title="Average",
    family="combinator",
    help="Adds the estimates up and divides by how many there are.",
    feedback="Everyone gets an equal share of the feedback.",
    formula="(a + b + …) / n",
    inputs=ESTIMATES,
    lower=lower,
    target_units={"estimates": "same"},
    basic=True,
)
