"""Concatenate: the results side by side."""

from __future__ import annotations

from engine.kind import Inputs, Kind, NoSettings, Port
from engine.primitives.concatenate import Concatenate
from engine.program import Recorder


def lower(settings: NoSettings, inputs: Inputs, record: Recorder) -> int:
    return record.step(Concatenate(), *inputs["estimates"])


kind = Kind(
    title="Concatenate",
    family="combinator",
    help="Puts the results side by side, as the task of whoever comes next.",
    feedback="It is cut where the results were joined, and each gets its own part.",
    formula="(a, b, …)",
    inputs=(Port("estimates", 2, None, "The results that it puts side by side.", joins=True),),
    lower=lower,
)
