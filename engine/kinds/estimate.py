"""Estimate: what the team submits, to be compared with the target."""

from __future__ import annotations

from dataclasses import dataclass

from engine import fields
from engine.kind import Inputs, Kind, Port
from engine.program import Recorder


@dataclass(frozen=True)
class Settings:
    target: str = fields.text(
        "",
        type="target",
        title="Target",
        help="The column that it estimates; left empty, the target chosen for the run.",
    )


def lower(settings: Settings, inputs: Inputs, record: Recorder) -> int:
    (estimate,) = inputs["task"]
    return estimate


kind = Kind(
    title="Estimate",
    family="estimate",
    help="Submits the estimate and compares it with the target: this is where feedback comes from.",
    feedback="The feedback is how the loss changes with the estimate: for the squared loss, twice the overshoot.",
    formula="ŷ",
    inputs=(Port("task", 1, 1, "The estimate to submit."),),
    settings=Settings,
    lower=lower,
    target_units={"task": "same"},
    results=False,
)
