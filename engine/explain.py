"""Why a row got its estimate: what each column adds, and who won where.

For one row every winner is known, so what is left of a team of linear workers, maxima and averages is one plain linear
formula. The feedback on the inputs is its weights: contributions in the units of the target that add up exactly. They
count from a row where every column is as usual, so that they say what is special about this one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from engine.errors import DataRefused
from engine.loss import CHANCE, CLASSES
from engine.model import Model
from engine.plan import Estimate, Plan
from engine.primitive import Selective
from engine.primitives.clip import Clip
from engine.program import TASK
from engine.table import from_rows


@np.errstate(over="ignore", invalid="ignore")
def explain(model: Model, row: Mapping[str, Any], estimate: str | None = None) -> dict[str, Any]:
    """The estimate of one row as base + contributions.

    base: what the row's formula comes to where every number is the mean of those that were learnt from, and every
    category counts for the same share. contributions: by column, how much it adds, being what it is and not as usual.
    Where the estimate is a chance or a rate, they add up to its score: the number before it is bent into one. Of
    classes the score of one is explained, the likeliest of several: `of` says which. Where the estimate was held
    within what was learnt from (`held`), they add up to the score that it would have been.

    exact: whether the formula is the model itself around this row (all primitives piecewise linear) or only touches
    it there. Raises DataRefused for a value that does not fit, or an estimate node that there is none of.
    """
    plan = model.plan
    chosen = next((found for found in plan.estimates if estimate in (None, found.node)), None)
    if chosen is None:
        raise DataRefused(f"The model has no estimate '{estimate}'. It has: {', '.join(model.estimates)}.")
    features = plan.preparation.apply(from_rows(plan.preparation.schema(), [row]))
    slots, feedback = model.run(features)
    target, result, slot = chosen.target, slots[chosen.slot], _before_it_is_held(plan, chosen)
    place = int(result[0].argmax()) if target.width > 1 else 0
    score = target.center + target.scale * float(slots[slot][0, place])
    asked = np.zeros_like(slots[slot])
    asked[0, place] = target.scale
    re_task = feedback({slot: asked}).slots[0]
    weights = np.zeros(plan.preparation.width) if re_task is None else re_task[0]
    columns, contributions = plan.preparation.task_columns(), {}
    for column in plan.preparation.columns:
        places = list(columns[column.name].places)
        contributions[column.name] = float(weights[places] @ (features[0, places] - column.usual()))
    return {
        "estimate": target.answers(result)[0],
        "score": score,
        "of": target.called(place if target.width > 1 else 1) if target.kind.told in (CHANCE, CLASSES) else None,
        "base": score - sum(contributions.values()),
        "contributions": contributions,
        "path": _path(plan, slots),
        "held": bool(slots[slot][0, 0] != result[0, 0]),
        "exact": all(step.primitive.piecewise_linear for step in plan.program.steps),
    }


def _before_it_is_held(plan: Plan, estimate: Estimate) -> int:
    """The slot of the estimate as it was before it was kept within what was learnt from."""
    step = plan.program.steps[estimate.slot - 1] if estimate.slot != TASK else None
    held = step is not None and step.node == estimate.node and isinstance(step.primitive, Clip)
    return step.inputs[0] if step is not None and held else estimate.slot


def _path(plan: Plan, slots: list[np.ndarray]) -> list[dict[str, str]]:
    """For each node that lets one of its inputs through, which one that was."""
    path = []
    for slot, step in enumerate(plan.program.steps, 1):
        if isinstance(step.primitive, Selective) and plan.results.get(step.node) == slot:
            place = int(step.primitive.winners([slots[slot] for slot in step.inputs])[0, 0])
            winner = plan.sources(step)[place]
            if winner:
                path.append({"node": step.node, "winner": winner})
    return path
