"""Scale: the task times a fixed number."""

from __future__ import annotations

from dataclasses import dataclass

from engine import fields
from engine.joined import joined
from engine.kind import ONE_TASK, Inputs, Kind
from engine.primitives.scale import Scale
from engine.program import Recorder


@dataclass(frozen=True)
class Settings:
    factor: float = fields.number(-1.0, low=-1e6, high=1e6, title="Factor", help="What everything is multiplied by.")


def lower(settings: Settings, inputs: Inputs, record: Recorder) -> int:
    return record.step(Scale(settings.factor), joined(inputs["task"], record))


kind = Kind(
    title="Scale",
    family="combinator",
    help="Multiplies everything by one fixed number.",
    feedback="It is multiplied by the same number.",
    formula="factor · x",
    inputs=ONE_TASK,
    settings=Settings,
    lower=lower,
)
