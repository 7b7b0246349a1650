"""A model as a JSON document: every number to the last bit, nothing but data; whatever else it holds is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

import numpy as np

from engine import graph as graphs
from engine import loss as losses
from engine import preparation
from engine.check import wiring_problems
from engine.errors import DataRefused, GraphRefused, ModelRefused
from engine.formula import formulas
from engine.model import Model
from engine.plan import Plan, assemble
from engine.target import Target
from engine.targets import targets

FORMAT = "backchannel.model"
VERSION = 1
FIELDS = {"format", "version", "graph", "columns", "target", "parameters", "training", "checks", "own_units"}
TRAINING_FIELDS = {"seed", "settings", "score", "rows", "date", "version", "table"}


def to_json(model: Model) -> dict[str, Any]:
    """The document. `own_units` tells linear workers in the table's units; it is worked out, and not read back."""
    plan = model.plan
    scales = {estimate.target.column: estimate.target for estimate in plan.estimates}
    return {
        "format": FORMAT,
        "version": VERSION,
        "graph": plan.graph.to_json(),
        "columns": plan.preparation.to_json(),
        "target": {"column": model.target, "scales": [_scale_to_json(scale) for scale in scales.values()]},
        "parameters": _parameters_to_json(model),
        "own_units": formulas(model),
        "training": dict(model.training),
        "checks": [dict(check) for check in model.checks],
    }


def from_json(value: Any) -> Model:
    """Reads a document. Raises ModelRefused with a sentence on what is wrong with it."""
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        raise ModelRefused(
            f'This is not a model: it does not say "format": "{FORMAT}". Choose a file that Backchannel exported.'
        )
    if value.get("version") != VERSION:
        raise ModelRefused(
            f"The model is not of version {VERSION}, which is the one this program reads. Update Backchannel."
        )
    _refuse_unknown(value, FIELDS, "The model")
    try:
        plan, target = _plan(value)
        parameters = _parameters(plan, value.get("parameters"))
    except GraphRefused as error:
        raise ModelRefused(f"The model's graph cannot work: {error}") from error
    except DataRefused as error:
        raise ModelRefused(str(error)) from error
    training = _training(value.get("training", {}))
    checks = _checks(value.get("checks", []))
    return Model(plan, parameters, target, training, checks)


def _plan(value: Mapping[str, Any]) -> tuple[Plan, str | None]:
    graph = graphs.from_json(value.get("graph"))
    found = wiring_problems(graph)
    if found:
        raise GraphRefused(found)
    told = value.get("target")
    if not isinstance(told, dict) or set(told) != {"column", "scales"} or not isinstance(told["scales"], list):
        raise ModelRefused('The model\'s "target" is not {"column": ..., "scales": [...]}.')
    column = told["column"]
    if column is not None and not isinstance(column, str):
        raise ModelRefused("The name of the model's target is not a text.")
    scales = {scale.column: scale for scale in map(_scale, told["scales"])}
    missing = [name for name in targets(graph, column) if name not in scales]
    if missing or any(node.kind == "estimate" and not (node.settings.get("target") or column) for node in graph.nodes):
        raise ModelRefused(
            f"The model does not say how its target {missing[0] if missing else ''} is scaled.".replace("  ", " ")
        )
    return assemble(graph, preparation.from_json(value.get("columns")), scales, column), column


def _scale_to_json(target: Target) -> dict[str, Any]:
    return asdict(target) | {"classes": list(target.classes)}


def _scale(told: Any) -> Target:
    names = {field.name for field in fields(Target)}
    if not isinstance(told, dict) or set(told) != names or not isinstance(told["column"], str):
        raise ModelRefused(
            f"A scale of the model's target does not have exactly these fields: {', '.join(sorted(names))}."
        )
    numbers = [_number(told[name], f"a target's {name}") for name in ("center", "scale", "extra")]
    if numbers[1] == 0:
        raise ModelRefused("A target's scale is zero; it must be another number.")
    if told["loss"] not in losses.catalogue():
        raise ModelRefused(
            f"The model was trained by a loss '{str(told['loss'])[:60]}', which this program does not know."
        )
    classes = told["classes"]
    if not isinstance(classes, list) or not all(isinstance(name, str) for name in classes):
        raise ModelRefused("The classes of the model's target are not a list of texts.")
    return Target(told["column"], numbers[0], numbers[1], told["loss"], numbers[2], tuple(classes))


def _parameters_to_json(model: Model) -> dict[str, dict[str, Any]]:
    told: dict[str, dict[str, Any]] = {}
    views = model.plan.layout.views(model.parameters)
    for parameter, view in zip(model.plan.program.parameters, views, strict=True):
        told.setdefault(parameter.node, {})[parameter.name] = view.tolist()
    return told


def _parameters(plan: Plan, told: Any) -> np.ndarray:
    if not isinstance(told, dict) or not all(isinstance(node, dict) for node in told.values()):
        raise ModelRefused('The model\'s "parameters" are not objects of arrays, by node.')
    wanted = {(parameter.node, parameter.name) for parameter in plan.program.parameters}
    given = {(node, name) for node, named in told.items() for name in named}
    if wanted != given:
        node, name = sorted(wanted ^ given)[0]
        which = "missing" if (node, name) in wanted else "not known"
        raise ModelRefused(f"The model's parameters do not fit its graph: '{name}' of node '{node}' is {which}.")
    flat = np.zeros(plan.layout.size)
    for parameter, view in zip(plan.program.parameters, plan.layout.views(flat), strict=True):
        view[...] = _array(
            told[parameter.node][parameter.name],
            parameter.shape,
            f"'{parameter.name}' of node '{parameter.node}'",
        )
    return flat


def _array(told: Any, shape: tuple[int, ...], what: str) -> np.ndarray:
    if not isinstance(told, list) or len(told) != shape[0]:
        raise ModelRefused(f"The model's {what} does not have the shape {' x '.join(map(str, shape))}.")
    if len(shape) == 1:
        return np.array([_number(number, what) for number in told])
    return np.array([_array(row, shape[1:], what) for row in told]).reshape(shape)


def _number(told: Any, what: str) -> float:
    if isinstance(told, bool) or not isinstance(told, int | float) or not np.isfinite(float(told)):
        raise ModelRefused(f"The model's {what} holds something that is no finite number.")
    return float(told)


def _training(told: Any) -> dict[str, Any]:
    if not isinstance(told, dict):
        raise ModelRefused('The model\'s "training" is not a JSON object.')
    _refuse_unknown(told, TRAINING_FIELDS, 'The model\'s "training"')
    return told


def _checks(told: Any) -> list[dict[str, Any]]:
    if not isinstance(told, list) or len(told) > 100:
        raise ModelRefused('The model\'s "checks" are not a list of at most 100 rows.')
    for check in told:
        if not isinstance(check, dict) or set(check) != {"row", "estimate"} or not isinstance(check["row"], dict):
            raise ModelRefused('A check of the model is not {"row": {...}, "estimate": ...}.')
    return told


def _refuse_unknown(value: Mapping[str, Any], known: set[str], what: str) -> None:
    unknown = sorted(str(name) for name in value.keys() - known)
    if unknown:
        raise ModelRefused(f"{what} has an unknown field '{unknown[0][:60]}'. Known are: {', '.join(sorted(known))}.")
