"""A linear worker's parameters in the table's own units: what a person would write into a spreadsheet."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.model import Model
from engine.primitives.affine import Affine
from engine.primitives.pick import Pick
from engine.program import TASK
from engine.table import CODED


@np.errstate(over="ignore", invalid="ignore")
def formulas(model: Model) -> dict[str, dict[str, Any]]:
    """By node, for every linear worker of one number that reads the table: {"intercept", "weights": {feature: weight}}.

    A number's weight is per unit of its column; a category's is what being it adds; a missing number counts as its
    column's mean, and "was missing" adds to that.
    """
    plan = model.plan
    centers, scales = _own_units(model)
    names, views, found = plan.preparation.names(), plan.layout.views(model.parameters), {}
    for step in plan.program.steps:
        places = _read_features(plan.program.steps, step.inputs[0], len(names)) if step.inputs else None
        if isinstance(step.primitive, Affine) and step.primitive.outputs == 1 and places is not None:
            unit = plan.units[step.node]
            weights = unit.scale * views[step.parameters[0]][0] / scales[places]
            bias = unit.scale * views[step.parameters[1]][0] if step.primitive.bias else 0.0
            intercept = unit.offset + bias - weights @ centers[places]
            named = {names[place]: float(weight) for place, weight in zip(places, weights, strict=True)}
            found[step.node] = {"intercept": float(intercept), "weights": named}
    return found


def _read_features(steps: Any, slot: int, count: int) -> list[int] | None:
    """Which features a slot holds, when it is the task or picked from it."""
    if slot == TASK:
        return list(range(count))
    step = steps[slot - 1]
    return list(step.primitive.places) if isinstance(step.primitive, Pick) and step.inputs == (TASK,) else None


def _own_units(model: Model) -> tuple[np.ndarray, np.ndarray]:
    """For each feature, what it was centred by and divided by."""
    centers, scales = [], []
    for column in model.plan.preparation.columns:
        numeric = column.type not in CODED
        centers += [column.center if numeric and place == 0 else 0.0 for place in range(column.width)]
        scales += [column.scale if numeric and place == 0 else 1.0 for place in range(column.width)]
    return np.array(centers), np.array(scales)
