"""Residual: the task itself, plus what it has learnt to change about it."""

from __future__ import annotations

from engine import start
from engine.joined import joined
from engine.kind import ONE_TASK, Inputs, Kind, Learning, Shown
from engine.primitives.add import Add
from engine.primitives.affine import Affine
from engine.program import Recorder


def lower(settings: Learning, inputs: Inputs, record: Recorder) -> int:
    task = joined(inputs["task"], record)
    change = record.step(Affine(record.width(task)), task, weights=start.small, bias=start.zeros)
    return record.step(Add(), task, change)


kind = Kind(
    title="Residual",
    family="worker",
    help="Hands on its task plus a linear change to it, so that it begins by doing nearly nothing.",
    feedback="It goes straight through, and through what was learnt as well; both are added up.",
    formula="x + W·x + b",
    inputs=ONE_TASK,
    settings=Learning,
    lower=lower,
    shown=Shown(parameters={"weights": [[-0.4]], "bias": [0.3]}),
)
