"""Estimate: what the team submits, to be compared with the target."""

from __future__ import annotations

from dataclasses import dataclass

from engine import fields
from engine.kind import Inputs, Kind, NoSettings, Port
from engine.kinds import average
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
    if len(inputs["task"]) == 1:
        return inputs["task"][0]
    return average.lower(NoSettings(), {"estimates": inputs["task"]}, record)


kind = Kind(
    title="Estimate",
    family="estimate",
    help="Submits the estimate and compares it with the target; of several it submits the average, and compares each.",
    feedback="The feedback is how the loss changes with the estimate: for the squared loss, twice the overshoot.",
    formula="ŷ",
    inputs=(Port("task", 1, None, "The estimate to submit; several learn each for itself, and are averaged."),),
    settings=Settings,
    lower=lower,
    target_units={"task": "same"},
    results=False,
)
