"""Linear: a weighted sum of the inputs, plus a bias."""

from __future__ import annotations

from dataclasses import dataclass

from engine import fields, start
from engine.joined import joined
from engine.kind import ONE_TASK, Inputs, Kind
from engine.primitives.affine import Affine
from engine.program import Recorder


@dataclass(frozen=True)
class Settings:
    width: int = fields.whole(1, low=1, high=1024, title="Width", help="How many numbers it hands on.")
    bias: bool = fields.flag(True, title="Bias", help="Whether it adds a number of its own.", advanced=True)


def lower(settings: Settings, inputs: Inputs, record: Recorder) -> int:
    task = joined(inputs["task"], record)
    starts = {"weights": start.spread} | ({"bias": start.small} if settings.bias else {})
    return record.step(Affine(settings.width, settings.bias), task, **starts)


kind = Kind(
    title="Linear",
    family="worker",
    help="Multiplies each input by a weight it has learnt, adds them up, and adds a bias.",
    feedback="It changes each weight by the feedback times that weight's input, and hands on feedback times weights.",
    formula="w·x + b",
    inputs=ONE_TASK,
    settings=Settings,
    lower=lower,
)
