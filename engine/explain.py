"""Why a row got its estimate: what each column adds, and who won where.

For one row every winner is known, so what is left of a team of linear workers, maxima and averages is one plain linear
formula. The feedback on the inputs is its weights: contributions in the table's own units that add up exactly.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from engine.errors import DataRefused
from engine.loss import VALUE
from engine.model import Model
from engine.plan import Plan
from engine.preparation import PreparedColumn
from engine.primitive import Selective
from engine.table import CODED, from_rows


@np.errstate(over="ignore", invalid="ignore")
def explain(model: Model, row: Mapping[str, Any], estimate: str | None = None) -> dict[str, Any]:
    """The estimate of one row as base + contributions.

    Where the estimate is a chance or a rate, they add up to its score: the number before it is bent into one. Of
    several classes the likeliest one's score is explained.

    exact: whether the formula is the model itself around this row (all primitives piecewise linear) or only touches
    it there. Raises DataRefused for a value that does not fit, or an estimate node that there is none of.
    """
    plan = model.plan
    chosen = next((found for found in plan.estimates if estimate in (None, found.node)), None)
    if chosen is None:
        raise DataRefused(f"The model has no estimate '{estimate}'. It has: {', '.join(model.estimates)}.")
    table = from_rows(plan.preparation.schema(), [row])
    features = plan.preparation.apply(table)
    slots, feedback = model.run(features)
    target, result = chosen.target, slots[chosen.slot]
    place = int(result[0].argmax()) if target.width > 1 else 0
    score = target.center + target.scale * float(result[0, place])
    asked = np.zeros_like(result)
    asked[0, place] = target.scale
    re_task = feedback({chosen.slot: asked}).slots[0]
    weights = np.zeros(plan.preparation.width) if re_task is None else re_task[0]
    contributions = {}
    columns = plan.preparation.task_columns()
    for column in plan.preparation.columns:
        places = list(columns[column.name].places)
        value = float(table.data[column.name][0])
        contributions[column.name] = _contribution(column, weights[places], features[0, places], value)
    return {
        "estimate": score if target.kind.told == VALUE else target.answers(result)[0],
        "score": score,
        "base": score - sum(contributions.values()),
        "contributions": contributions,
        "path": _path(plan, slots),
        "exact": all(step.primitive.piecewise_linear for step in plan.program.steps),
    }


def _contribution(column: PreparedColumn, weights: np.ndarray, features: np.ndarray, value: float) -> float:
    """What a column adds: for a number its weight in the table's own units times its value."""
    if column.type in CODED:
        return float(weights @ features)
    known = value if np.isfinite(value) else column.fill
    return float(weights[0] / column.scale * known + weights[1:] @ features[1:])


def _path(plan: Plan, slots: list[np.ndarray]) -> list[dict[str, str]]:
    """For each node that lets one of its inputs through, which one that was."""
    path = []
    for step in plan.program.steps:
        if isinstance(step.primitive, Selective):
            place = int(step.primitive.winners([slots[slot] for slot in step.inputs])[0, 0])
            winner = plan.sources(step)[place]
            if winner:
                path.append({"node": step.node, "winner": winner})
    return path
