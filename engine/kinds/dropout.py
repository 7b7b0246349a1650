"""Dropout: some numbers are left out at random while learning."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

from engine import fields
from engine.joined import joined
from engine.kind import ONE_TASK, Inputs, Kind, Shown
from engine.primitives.mask import Mask
from engine.program import Recorder


@dataclass(frozen=True)
class Settings:
    rate: float = fields.number(0.1, low=0, high=0.95, title="Rate", help="The share of numbers that are left out.")


def lower(settings: Settings, inputs: Inputs, record: Recorder) -> int:
    salt = zlib.crc32(record.post.node.encode())
    return record.step(Mask(settings.rate, salt), joined(inputs["task"], record))


kind = Kind(
    title="Dropout",
    family="bend",
    help="Leaves some numbers out at random while learning, so that nobody relies on one of them alone.",
    feedback="What was left out is told nothing.",
    formula="x, or 0",
    inputs=ONE_TASK,
    settings=Settings,
    lower=lower,
    target_units={"task": "same"},
    shown=Shown(learning=True),
)
