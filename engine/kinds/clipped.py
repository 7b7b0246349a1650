"""Clipped: straight between two numbers, level beyond them."""

from __future__ import annotations

from dataclasses import dataclass

from engine import fields
from engine.errors import SettingRefused
from engine.joined import joined
from engine.kind import ONE_TASK, Inputs, Kind
from engine.primitives.clip import Clip
from engine.program import Recorder


@dataclass(frozen=True)
class Settings:
    low: float = fields.number(-1.0, low=-1e6, high=1e6, title="From", help="Nothing below this gets through.")
    high: float = fields.number(1.0, low=-1e6, high=1e6, title="To", help="Nothing above this gets through.")


def lower(settings: Settings, inputs: Inputs, record: Recorder) -> int:
    if settings.low >= settings.high:
        raise SettingRefused(f"it is clipped from {settings.low:g} to {settings.high:g}, which leaves nothing between.")
    return record.step(Clip(settings.low, settings.high), joined(inputs["task"], record))


kind = Kind(
    title="Clipped",
    family="bend",
    help="Straight between two numbers, level beyond them: saturation at both ends.",
    feedback="Only numbers that lay between the two are told.",
    formula="min(max(x, low), high)",
    inputs=ONE_TASK,
    settings=Settings,
    lower=lower,
)
