"""Columns: the task itself, as the table holds it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine import fields
from engine.kind import Inputs, Kind
from engine.primitives.pick import Pick
from engine.program import Recorder


@dataclass(frozen=True)
class Settings:
    columns: Any = fields.columns(title="Columns", help="Which columns of the table it hands on.")


def lower(settings: Settings, inputs: Inputs, record: Recorder) -> int:
    if settings.columns == "all":
        return record.post.task
    return record.step(Pick(record.places(settings.columns)), record.post.task)


kind = Kind(
    title="Columns",
    family="table",
    help="Hands on the columns of the table: this is the task that everyone works on.",
    feedback="Feedback that arrives here says how the inputs could have been better.",
    formula="x",
    inputs=(),
    settings=Settings,
    lower=lower,
)
