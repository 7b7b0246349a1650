"""Maximum: the highest estimate, row by row."""

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
        help="Lets everyone learn a little from every row at first; ends as the exact maximum.",
        advanced=True,
    )


def lower(settings: Settings, inputs: Inputs, record: Recorder) -> int:
    return record.step(Extreme(highest=True, softens=settings.soft_start), *inputs["estimates"])


kind = Kind(
    title="Maximum",
    family="combinator",
    help="Takes the highest estimate of each row; of equal ones the first.",
    feedback="Only the winner of a row gets that row's feedback.",
    formula="max(a, b, …)",
    inputs=ESTIMATES,
    settings=Settings,
    lower=lower,
    target_units={"estimates": "same"},
    basic=True,
)
