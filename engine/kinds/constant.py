"""Constant: the same number for every row."""

from __future__ import annotations

from dataclasses import dataclass

from engine import fields, start
from engine.kind import Inputs, Kind, Learning, Shown
from engine.primitives.constant import Constant
from engine.program import Recorder


@dataclass(frozen=True)
class Settings(Learning):
    width: int = fields.whole(1, low=1, high=1024, title="Width", help="How many numbers it hands on.")


def lower(settings: Settings, inputs: Inputs, record: Recorder) -> int:
    return record.step(Constant(settings.width), record.post.task, bias=start.small)


kind = Kind(
    title="Constant",
    family="worker",
    help="Says the same number for every row, whatever the task: a baseline, or a floor under a maximum.",
    feedback="It changes its number by the feedback, added up over the rows.",
    formula="b",
    inputs=(),
    settings=Settings,
    lower=lower,
    shown=Shown(parameters={"bias": [1.0]}),
)
