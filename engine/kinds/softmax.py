"""Softmax: weighted sums turned into shares that add up to one."""

from __future__ import annotations

from dataclasses import dataclass

from engine import fields, start
from engine.joined import joined
from engine.kind import ONE_TASK, Inputs, Kind, Learning, Shown
from engine.primitives.affine import Affine
from engine.primitives.softmax import Softmax
from engine.program import Recorder


@dataclass(frozen=True)
class Settings(Learning):
    width: int = fields.whole(3, low=1, high=1024, title="Width", help="How many shares it hands on.")


def lower(settings: Settings, inputs: Inputs, record: Recorder) -> int:
    sums = record.step(Affine(settings.width), joined(inputs["task"], record), weights=start.spread, bias=start.small)
    return record.step(Softmax(), sums)


kind = Kind(
    title="Softmax",
    family="worker",
    help="Linear workers whose sums are turned into shares that add up to one.",
    feedback="A share is told its feedback less the feedback on the average.",
    formula="exp(zᵢ) / Σ exp(z), z = W·x + b",
    inputs=ONE_TASK,
    settings=Settings,
    lower=lower,
    shown=Shown(parameters={"weights": [[1.5], [0.0], [-1.5]], "bias": [0.0, 0.5, 0.0]}),
)
