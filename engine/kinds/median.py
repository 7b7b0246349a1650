"""Median: the middle one of the estimates, row by row."""

from __future__ import annotations

from engine.kind import ESTIMATES, Inputs, Kind, NoSettings, Shown
from engine.primitives.median import Median
from engine.program import Recorder


def lower(settings: NoSettings, inputs: Inputs, record: Recorder) -> int:
    return record.step(Median(), *inputs["estimates"])


kind = Kind(
    title="Median",
    family="combinator",
    help="Takes the middle estimate of each row; of an even number the mean of the middle two.",
    feedback="Only those in the middle of a row get that row's feedback.",
    formula="median(a, b, …)",
    inputs=ESTIMATES,
    lower=lower,
    target_units={"estimates": "same"},
    shown=Shown(lines=3),
)
