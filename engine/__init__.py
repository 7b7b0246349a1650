"""The engine of Backchannel: workers that return a result and a callback, and everything made of them.

A name is loaded when someone first asks for it: what trains graphs does not wait for what writes workers by hand.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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
    from engine.wiggling import Verdict, gradcheck
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

_HOMES = ("errors", "workers", "combinators", "groups", "late", "row_order", "model", "part", "loading", "wiggling")
"""Where the names stand, from the module that needs the fewest others to the one that needs the most."""


def __getattr__(name: str) -> Any:
    if name in __all__:
        for home in _HOMES:
            found = vars(importlib.import_module(f"{__name__}.{home}"))
            if name in found:
                globals()[name] = found[name]
                return found[name]
    raise AttributeError(f"module '{__name__}' has no attribute '{name}'")


def __dir__() -> list[str]:
    return [*globals(), *__all__]
