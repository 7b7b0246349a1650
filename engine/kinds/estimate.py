"""Estimate: what the team submits, to be compared with the target."""

from __future__ import annotations

from dataclasses import dataclass

from engine import fields
from engine.kind import Inputs, Kind, NoSettings, Port
from engine.kinds import average
from engine.loss import CHANCE, VALUE
from engine.primitives.average_chance import AverageChance
from engine.primitives.clip import Clip
from engine.program import Recorder

RESULTS, CHANCES = "results", "chances"
BEYOND = 0.1
"""How far beyond the targets that were learnt from an answer may lie, as a share of their range."""


@dataclass(frozen=True)
class Settings:
    target: str = fields.text(
        "",
        type="target",
        title="Target",
        help="The column that it estimates; left empty, the target chosen for the run.",
    )
    together: str = fields.choice(
        RESULTS,
        options=(RESULTS, CHANCES),
        title="Average of",
        help="What of several is averaged: results, or of yes or no their chances, so that none drowns out the others.",
        advanced=True,
    )
    within: bool = fields.flag(
        False,
        title="Stay within",
        help="Submits no number that is more than a tenth of their range beyond those that were learnt from.",
        advanced=True,
    )


def lower(settings: Settings, inputs: Inputs, record: Recorder) -> int:
    result, target = _together(settings, inputs, record), record.post.target
    if not settings.within or target is None or target.kind.told != VALUE or target.low is None or target.high is None:
        return result
    room = BEYOND * (target.high - target.low)
    low, high = ((value - target.center) / target.scale for value in (target.low - room, target.high + room))
    return record.step(Clip(low, high), result)


def _together(settings: Settings, inputs: Inputs, record: Recorder) -> int:
    """What several say together."""
    if len(inputs["task"]) == 1:
        return inputs["task"][0]
    target = record.post.target
    if settings.together == CHANCES and target is not None and target.kind.told == CHANCE:
        return record.step(AverageChance(), *inputs["task"])
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
    at_times=("add", "scale", "average_chance", "clip"),
)
