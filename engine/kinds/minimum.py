"""Minimum: the lowest estimate, row by row."""

from __future__ import annotations

from dataclasses import dataclass

from engine import fields
from engine.kind import ESTIMATES, Inputs, Kind
from engine.primitives.extreme import Extreme
from engine.program import Recorder


@dataclass(frozen=True)
class Settings:
    soft_start: bool = fields.flag(
        True,
        title="Start soft",
        help="Lets everyone learn a little from every row at first; ends as the exact minimum.",
        advanced=True,
    )


def lower(settings: Settings, inputs: Inputs, record: Recorder) -> int:
    return record.step(Extreme(highest=False, softens=settings.soft_start), *inputs["estimates"])


kind = Kind(
    title="Minimum",
    family="combinator",
    help="Takes the lowest estimate of each row; of equal ones the first.",
    feedback="Only the winner of a row gets that row's feedback.",
    formula="min(a, b, …)",
    inputs=ESTIMATES,
    settings=Settings,
    lower=lower,
    target_units={"estimates": "same"},
    basic=True,
)
