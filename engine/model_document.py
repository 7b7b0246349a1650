"""A model document read: the graph, the preparation, the targets and the numbers; whatever else it holds is refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from engine import graph as graphs
from engine import loss as losses
from engine import preparation
from engine.arrays import Array
from engine.errors import DataRefused, GraphRefused, ModelRefused
from engine.graph import Graph
from engine.preparation import Preparation
from engine.target import Target
from engine.targets import target_of, targets
from engine.wiring import wiring_problems

FORMAT = "backchannel.model"
VERSION = 1
RANGE = {"low", "high"}  # models that are older do not say them
FIELDS = {"format", "version", "graph", "columns", "target", "parameters", "training", "checks", "own_units"}
TRAINING_FIELDS = {"seed", "settings", "score", "rows", "date", "version", "table"}


@dataclass(frozen=True)
class Document:
    """What a document says.

    column: the target of estimates that have none of their own; targets: by estimate node; parameters: by node and
    name, of whatever shape they are there.
    """

    graph: Graph
    preparation: Preparation
    column: str | None
    targets: Mapping[str, Target]
    parameters: Mapping[str, Mapping[str, Array]]
    training: Mapping[str, Any]
    checks: Sequence[Mapping[str, Any]]


def read(value: Any) -> Document:
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
        graph, prepared = _graph(value.get("graph")), preparation.from_json(value.get("columns"))
    except GraphRefused as error:
        raise ModelRefused(f"The model's graph cannot work: {error}") from error
    except DataRefused as error:
        raise ModelRefused(str(error)) from error
    column, found = _targets(graph, value.get("target"))
    return Document(
        graph,
        prepared,
        column,
        found,
        _parameters(value.get("parameters")),
        _training(value.get("training", {})),
        _checks(value.get("checks", [])),
    )


def _graph(told: Any) -> Graph:
    graph = graphs.from_json(told)
    found = wiring_problems(graph)
    if found:
        raise GraphRefused(found)
    return graph


def _targets(graph: Graph, told: Any) -> tuple[str | None, dict[str, Target]]:
    if not isinstance(told, dict) or set(told) != {"column", "scales"} or not isinstance(told["scales"], list):
        raise ModelRefused('The model\'s "target" is not {"column": ..., "scales": [...]}.')
    column = told["column"]
    if column is not None and not isinstance(column, str):
        raise ModelRefused("The name of the model's target is not a text.")
    scales = {scale.column: scale for scale in map(_scale, told["scales"])}
    missing = [name for name in targets(graph, column) if name not in scales]
    if missing or any(node.kind == "estimate" and not target_of(node, column) for node in graph.nodes):
        raise ModelRefused(
            f"The model does not say how its target {missing[0] if missing else ''} is scaled.".replace("  ", " ")
        )
    return column, {node.id: scales[str(target_of(node, column))] for node in graph.nodes if node.kind == "estimate"}


def _parameters(told: Any) -> dict[str, dict[str, Array]]:
    if not isinstance(told, dict) or not all(isinstance(named, dict) for named in told.values()):
        raise ModelRefused('The model\'s "parameters" are not objects of arrays, by node.')
    return {
        node: {name: _array(values, f"'{name}' of node '{node}'") for name, values in named.items()}
        for node, named in told.items()
    }


def _array(told: Any, what: str) -> Array:
    """A list of numbers, or of lists of numbers that are all as long."""
    if not isinstance(told, list):
        raise ModelRefused(f"The model's {what} is not a list.")
    if told and all(isinstance(row, list) and len(row) == len(told[0]) for row in told):
        return np.array([[_number(number, what) for number in row] for row in told]).reshape(len(told), len(told[0]))
    return np.array([_number(number, what) for number in told])


def _scale(told: Any) -> Target:
    names = {field.name for field in fields(Target)} - RANGE
    if not isinstance(told, dict) or set(told) - RANGE != names or not isinstance(told["column"], str):
        raise ModelRefused(
            f"A scale of the model's target does not have exactly these fields: {', '.join(sorted(names))}."
        )
    low, high = (
        None if told.get(name) is None else _number(told[name], f"a target's {name}") for name in ("low", "high")
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
    return Target(told["column"], numbers[0], numbers[1], told["loss"], numbers[2], tuple(classes), low, high)


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
