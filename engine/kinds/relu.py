"""ReLU: lets through what is above zero, and zero for the rest."""

from __future__ import annotations

from engine.joined import joined
from engine.kind import ONE_TASK, Inputs, Kind, NoSettings
from engine.primitives.clip import Clip
from engine.program import Recorder


def lower(settings: NoSettings, inputs: Inputs, record: Recorder) -> int:
    return record.step(Clip(0), joined(inputs["task"], record))


kind = Kind(
    title="ReLU",
    family="bend",
    help="Lets through what is above zero, and zero for the rest.",
    feedback="Only numbers that were above zero are told.",
    formula="max(0, x)",
    inputs=ONE_TASK,
    lower=lower,
    basic=True,
)
