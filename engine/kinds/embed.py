"""Embed: a few learnt numbers for each value of a column."""

from __future__ import annotations

from dataclasses import dataclass

from engine import fields, start
from engine.errors import SettingRefused
from engine.kind import Inputs, Kind, Learning, Shown
from engine.primitives.affine import Affine
from engine.primitives.pick import Pick
from engine.program import Recorder


@dataclass(frozen=True)
class Settings(Learning):
    column: str = fields.text("", type="column", title="Column", help="A column of texts, such as a city.")
    width: int = fields.whole(2, low=1, high=1024, title="Width", help="How many numbers each value gets.")


def lower(settings: Settings, inputs: Inputs, record: Recorder) -> int:
    if not settings.column:
        raise SettingRefused("it does not know which column's values to learn. Choose a column.")
    picked = record.step(Pick(record.places([settings.column])), record.post.task)
    return record.step(Affine(settings.width, bias=False), picked, weights=start.small)


kind = Kind(
    title="Embed",
    family="worker",
    help="Learns a few numbers for each value of a column, so that like values come to lie near each other.",
    feedback="It changes the numbers of the value that the row had.",
    formula="table[value]",
    inputs=(),
    settings=Settings,
    lower=lower,
    example=lambda columns, workers: {"column": columns[0]},
    shown=Shown(categories=("Oslo", "Lima", "Quito"), parameters={"weights": [[0.5, -1.0, 1.2], [1.0, 0.2, -0.6]]}),
)
