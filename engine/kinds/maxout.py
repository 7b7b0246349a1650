"""Maxout: a maximum of linear workers, in one node."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine import fields, start
from engine.joined import joined
from engine.kind import ONE_TASK, Inputs, Kind, Learning, Shown
from engine.primitives.affine import Affine
from engine.primitives.extreme import Extreme
from engine.program import Recorder


@dataclass(frozen=True)
class Settings(Learning):
    width: int = fields.whole(1, low=1, high=1024, title="Width", help="How many numbers it hands on.")
    pieces: int = fields.whole(3, low=2, high=64, title="Pieces", help="How many linear workers each number has.")


def lower(settings: Settings, inputs: Inputs, record: Recorder) -> int:
    task = joined(inputs["task"], record)
    pieces = []
    for piece in range(1, settings.pieces + 1):
        starts: dict[str, Any] = {f"weights_{piece}": start.spread, f"bias_{piece}": start.small}
        pieces.append(record.step(Affine(settings.width), task, **starts))
    return record.step(Extreme(), *pieces)


kind = Kind(
    title="Maxout",
    family="worker",
    help="The highest of several linear workers, for each number that it hands on.",
    feedback="Only the winning piece of a row gets that row's feedback.",
    formula="max(w₁·x + b₁, w₂·x + b₂, …)",
    inputs=ONE_TASK,
    settings=Settings,
    lower=lower,
    shown=Shown(
        parameters={
            "weights_1": [[-1.0]],
            "weights_2": [[0.1]],
            "weights_3": [[1.2]],
            "bias_1": [-0.5],
            "bias_2": [0.3],
            "bias_3": [-1.5],
        }
    ),
)
