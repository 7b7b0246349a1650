"""Layer norm: each row brought to the same mean and spread."""

from __future__ import annotations

from engine import start
from engine.joined import joined
from engine.kind import ONE_TASK, Inputs, Kind, Learning, Shown
from engine.primitives.normalise import Normalise
from engine.program import Recorder


def lower(settings: Learning, inputs: Inputs, record: Recorder) -> int:
    return record.step(Normalise(), joined(inputs["task"], record), scale=start.ones, shift=start.zeros)


kind = Kind(
    title="Layer norm",
    family="bend",
    help="Brings the numbers of each row to mean 0 and deviation 1, then stretches and shifts them as it has learnt.",
    feedback="What would only shift or stretch the whole row is taken out of the feedback.",
    formula="(x - mean) / deviation · scale + shift",
    inputs=ONE_TASK,
    settings=Learning,
    lower=lower,
    shown=Shown(beside=(-0.5, 1.0)),
)
