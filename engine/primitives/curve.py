"""Bends every number along a fixed smooth curve; feedback is multiplied by the slope where the number stood."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, TypeAlias

import numpy as np

from engine.arrays import Answer, Array, PrimitiveFeedback, Rows
from engine.primitive import Moment, Primitive

Bend: TypeAlias = Callable[[Rows], tuple[Rows, Rows]]
"""The curve at some numbers, and its slope there."""

GELU_SCALE, GELU_CUBE = 0.7978845608028654, 0.044715


def tanh(x: Rows) -> tuple[Rows, Rows]:
    result = np.tanh(x)
    return result, 1 - result * result


def sigmoid(x: Rows) -> tuple[Rows, Rows]:
    fading = np.exp(-np.abs(x))
    result = np.where(x >= 0, 1, fading) / (1 + fading)
    return result, result * (1 - result)


def softplus(x: Rows) -> tuple[Rows, Rows]:
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x))), sigmoid(x)[0]


def swish(x: Rows) -> tuple[Rows, Rows]:
    gate, slope = sigmoid(x)
    return x * gate, gate + x * slope


def gelu(x: Rows) -> tuple[Rows, Rows]:
    """Hendrycks and Gimpel, "Gaussian Error Linear Units", 2016, by its tanh form."""
    gate, slope = tanh(GELU_SCALE * (x + GELU_CUBE * x * x * x))
    steepness = GELU_SCALE * (1 + 3 * GELU_CUBE * x * x)
    return x * (1 + gate) / 2, (1 + gate) / 2 + x / 2 * slope * steepness


BENDS: Mapping[str, Bend] = {
    "tanh": tanh,
    "sigmoid": sigmoid,
    "softplus": softplus,
    "gelu": gelu,
    "swish": swish,
}


@dataclass(frozen=True)
class Curve(Primitive):
    """One input of any width; `bend` is a name of BENDS."""

    title: ClassVar[str] = "Curve"
    help: ClassVar[str] = "Bends every number along tanh, sigmoid, softplus, gelu or swish; the picture shows tanh."
    formula: ClassVar[str] = "curve(x)"
    feedback: ClassVar[str] = "It is multiplied by the slope of the curve where the number stood."

    bend: str

    piecewise_linear: ClassVar[bool] = False

    def forward(
        self, inputs: Sequence[Rows], parameters: Sequence[Array], moment: Moment
    ) -> tuple[Rows, PrimitiveFeedback]:
        (task,) = inputs
        result, slope = BENDS[self.bend](task)

        def feedback(re_result: Rows) -> Answer:
            return (re_result * slope,), ()

        return result, feedback


primitive = Curve
examples = tuple((Curve(bend), (3,)) for bend in BENDS)
