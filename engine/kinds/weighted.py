"""Weighted average: the estimates by shares that it learns."""

from __future__ import annotations

from engine import start
from engine.kind import ESTIMATES, Inputs, Kind, Learning, Shown
from engine.primitives.weigh import Weigh
from engine.program import Recorder


def lower(settings: Learning, inputs: Inputs, record: Recorder) -> int:
    return record.step(Weigh(), *inputs["estimates"], scores=start.zeros)


kind = Kind(
    title="Weighted average",
    family="combinator",
    help="Averages the estimates, and learns whom to listen to more.",
    feedback="Everyone gets the feedback times their share.",
    formula="p·a + q·b + …, p + q + … = 1",
    inputs=ESTIMATES,
    settings=Learning,
    lower=lower,
    target_units={"estimates": "same"},
    shown=Shown(parameters={"scores": [1.0, 0.0]}),
)
