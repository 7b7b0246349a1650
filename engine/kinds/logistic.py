"""Logistic: a weighted sum bent into the range from 0 to 1."""

from __future__ import annotations

from dataclasses import dataclass

from engine import fields, start
from engine.joined import joined
from engine.kind import ONE_TASK, Inputs, Kind, Learning, Shown
from engine.primitives.affine import Affine
from engine.primitives.curve import Curve
from engine.program import Recorder


@dataclass(frozen=True)
class Settings(Learning):
    width: int = fields.whole(1, low=1, high=1024, title="Width", help="How many numbers it hands on.")


def lower(settings: Settings, inputs: Inputs, record: Recorder) -> int:
    sums = record.step(Affine(settings.width), joined(inputs["task"], record), weights=start.spread, bias=start.small)
    return record.step(Curve("sigmoid"), sums)


kind = Kind(
    title="Logistic",
    family="worker",
    help="A linear worker whose sum is bent into the range from 0 to 1, like a chance.",
    feedback="It learns less from rows where it was already sure.",
    formula="1 / (1 + exp(-(w·x + b)))",
    inputs=ONE_TASK,
    settings=Settings,
    lower=lower,
    shown=Shown(parameters={"weights": [[1.5]], "bias": [0.0]}),
)
