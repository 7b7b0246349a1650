"""The engine of Backchannel: workers that return a result and a callback, and everything made of them."""

from engine.errors import (
    DataRefused,
    EngineError,
    FeedbackAlreadyGiven,
    GraphRefused,
    ModelRefused,
    SettingRefused,
    ShapeMismatch,
)
from engine.loading import load
from engine.model import Model
from engine.workers import (
    combine_by_addition,
    combine_by_average,
    combine_by_maximum,
    combine_by_minimum,
    linear,
)

__all__ = [
    "DataRefused",
    "EngineError",
    "FeedbackAlreadyGiven",
    "GraphRefused",
    "Model",
    "ModelRefused",
    "SettingRefused",
    "ShapeMismatch",
    "combine_by_addition",
    "combine_by_average",
    "combine_by_maximum",
    "combine_by_minimum",
    "linear",
    "load",
]
