"""Linear: a weighted sum of the inputs, plus a bias."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from engine import fields, start
from engine.joined import joined
from engine.kind import ONE_TASK, Inputs, Kind, Learning, Shown
from engine.primitives.affine import Affine
from engine.program import Learnt, Recorder

AT_RANDOM, AT_NOTHING, AT_THE_LINE = "at random", "at nothing", "at the best line"
FREE, NOT_NEGATIVE, NOT_POSITIVE = "free", "never below zero", "never above zero"

BOUNDS = {FREE: (-math.inf, math.inf), NOT_NEGATIVE: (0.0, math.inf), NOT_POSITIVE: (-math.inf, 0.0)}


@dataclass(frozen=True)
class Settings(Learning):
    width: int = fields.whole(1, low=1, high=1024, title="Width", help="How many numbers it hands on.")
    bias: bool = fields.flag(True, title="Bias", help="Whether it adds a number of its own.", advanced=True)
    weights: str = fields.choice(
        FREE,
        options=(FREE, NOT_NEGATIVE, NOT_POSITIVE),
        title="Weights",
        help="Never below zero: more of any input can only raise the result. Never above: only lower it.",
        advanced=True,
    )
    begins: str = fields.choice(
        AT_RANDOM,
        options=(AT_RANDOM, AT_NOTHING, AT_THE_LINE),
        title="Begins",
        help="With weights drawn at random, with none, or with the best that a linear worker can do by itself.",
        advanced=True,
    )


def lower(settings: Settings, inputs: Inputs, record: Recorder) -> int:
    task = joined(inputs["task"], record)
    at_random, line = settings.begins == AT_RANDOM, settings.begins == AT_THE_LINE
    low, high = BOUNDS[settings.weights]
    weights = Learnt(start.spread if at_random else start.zeros, low, high, line=line)
    bias = Learnt(start.small if at_random else start.zeros, line=line)
    starts: dict[str, Any] = {"weights": weights} | ({"bias": bias} if settings.bias else {})
    return record.step(Affine(settings.width, settings.bias), task, **starts)


kind = Kind(
    title="Linear",
    family="worker",
    help="Multiplies each input by a weight it has learnt, adds them up, and adds a bias.",
    feedback="It changes each weight by the feedback times that weight's input, and hands on feedback times weights.",
    formula="w·x + b",
    inputs=ONE_TASK,
    settings=Settings,
    lower=lower,
    basic=True,
    shown=Shown(parameters={"weights": [[0.8]], "bias": [0.5]}),
)
