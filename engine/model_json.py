"""A model as a JSON document: every number to the last bit, nothing but data."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np

from engine.errors import GraphRefused, ModelRefused
from engine.formula import formulas
from engine.model import Model
from engine.model_document import FORMAT, VERSION, Document, read
from engine.plan import Plan, assemble
from engine.target import Target


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
    """The model of a document. Raises ModelRefused with a sentence on what is wrong with it."""
    document = read(value)
    fitted = {target.column: target for target in document.targets.values()}
    try:
        plan = assemble(document.graph, document.preparation, fitted, document.column)
    except GraphRefused as error:
        raise ModelRefused(f"The model's graph cannot work: {error}") from error
    return Model(plan, _parameters(plan, document), document.column, document.training, document.checks)


def _scale_to_json(target: Target) -> dict[str, Any]:
    return asdict(target) | {"classes": list(target.classes)}


def _parameters_to_json(model: Model) -> dict[str, dict[str, Any]]:
    named = model.plan.named(model.parameters)
    return {node: {name: view.tolist() for name, view in views.items()} for node, views in named.items()}


def _parameters(plan: Plan, document: Document) -> np.ndarray:
    wanted = {(parameter.node, parameter.name) for parameter in plan.program.parameters}
    given = {(node, name) for node, named in document.parameters.items() for name in named}
    if wanted != given:
        node, name = sorted(wanted ^ given)[0]
        which = "missing" if (node, name) in wanted else "not known"
        raise ModelRefused(f"The model's parameters do not fit its graph: '{name}' of node '{node}' is {which}.")
    flat = np.zeros(plan.layout.size)
    for parameter, view in zip(plan.program.parameters, plan.layout.views(flat), strict=True):
        found = document.parameters[parameter.node][parameter.name]
        if found.shape != view.shape:
            shape, what = " x ".join(map(str, view.shape)), f"'{parameter.name}' of node '{parameter.node}'"
            raise ModelRefused(f"The model's {what} does not have the shape {shape}.")
        view[...] = found
    return flat
