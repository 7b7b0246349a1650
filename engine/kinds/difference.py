"""Difference: what some say, less what others say."""

from __future__ import annotations

from engine.kind import Inputs, Kind, NoSettings, Port
from engine.primitives.add import Add
from engine.primitives.scale import Scale
from engine.program import Recorder


def lower(settings: NoSettings, inputs: Inputs, record: Recorder) -> int:
    less = [record.step(Scale(-1.0), slot) for slot in inputs["less"]]
    return record.step(Add(), *inputs["plus"], *less)


kind = Kind(
    title="Difference",
    family="combinator",
    help="Adds some estimates up and takes others away: together they can bend up and down.",
    feedback="Those that are added get all of the feedback; those that are taken away get it turned round.",
    formula="a + … - b - …",
    inputs=(
        Port("plus", 1, None, "The estimates that are added."),
        Port("less", 1, None, "The estimates that are taken away."),
    ),
    lower=lower,
    target_units={"plus": "shared", "less": "offset-free"},
)
