"""The engine of Backchannel: workers that return a result and a callback, and everything made of them."""

from engine.combinators import (
    chain,
    combine_by_addition,
    combine_by_average,
    combine_by_choice,
    combine_by_concatenation,
    combine_by_difference,
    combine_by_maximum,
    combine_by_median,
    combine_by_minimum,
    combine_by_multiplication,
    combine_by_weighted_average,
    passed_on,
    residual,
    scaled_by,
)
from engine.errors import (
    DataRefused,
    EngineError,
    FeedbackAlreadyGiven,
    GraphRefused,
    ModelRefused,
    SettingRefused,
    ShapeMismatch,
)
from engine.gradcheck import Verdict, gradcheck
from engine.groups import (
    reduce_by_first,
    reduce_by_last,
    reduce_by_maximum,
    reduce_by_mean,
    reduce_by_sum,
    with_flatten,
)
from engine.late import with_recompute
from engine.loading import load
from engine.model import Model
from engine.part import Part, part_of, worker
from engine.row_order import OrderVerdict, order_matters, with_shuffled
from engine.workers import linear

__all__ = [
    "DataRefused",
    "EngineError",
    "FeedbackAlreadyGiven",
    "GraphRefused",
    "Model",
    "ModelRefused",
    "OrderVerdict",
    "Part",
    "SettingRefused",
    "ShapeMismatch",
    "Verdict",
    "chain",
    "combine_by_addition",
    "combine_by_average",
    "combine_by_choice",
    "combine_by_concatenation",
    "combine_by_difference",
    "combine_by_maximum",
    "combine_by_median",
    "combine_by_minimum",
    "combine_by_multiplication",
    "combine_by_weighted_average",
    "gradcheck",
    "linear",
    "load",
    "order_matters",
    "part_of",
    "passed_on",
    "reduce_by_first",
    "reduce_by_last",
    "reduce_by_maximum",
    "reduce_by_mean",
    "reduce_by_sum",
    "residual",
    "scaled_by",
    "with_flatten",
    "with_recompute",
    "with_shuffled",
    "worker",
]
