"""Spline: a bent curve of its own for each input."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine import fields
from engine.arrays import Array
from engine.joined import joined
from engine.kind import ONE_TASK, Inputs, Kind, Learning, Shown
from engine.primitive import Shape
from engine.primitives.spline import Spline
from engine.program import Recorder


@dataclass(frozen=True)
class Settings(Learning):
    knots: int = fields.whole(7, low=2, high=64, title="Knots", help="How many points the curve may bend at.")
    reach: float = fields.number(3.0, low=0.1, high=100, title="Reach", help="It bends from -reach to +reach.")


def lower(settings: Settings, inputs: Inputs, record: Recorder) -> int:
    def straight(generator: np.random.Generator, shape: Shape) -> Array:
        heights: Array = np.linspace(-settings.reach, settings.reach, settings.knots)[:, None]
        return heights + generator.normal(0, 0.1, shape)

    return record.step(Spline(settings.knots, settings.reach), joined(inputs["task"], record), heights=straight)


kind = Kind(
    title="Spline",
    family="bend",
    help="Bends each input along a curve of its own, which it learns: good up to a point, then bad.",
    feedback="It moves the two points of the curve beside the number, and hands on feedback times slope.",
    formula="curve(x)",
    inputs=ONE_TASK,
    settings=Settings,
    lower=lower,
    basic=True,
    shown=Shown(parameters={"heights": [[-1.0], [0.5], [2.0], [1.5], [0.5], [-1.0], [-1.5]]}),
)
