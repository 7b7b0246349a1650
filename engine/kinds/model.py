"""Model: a team that has learnt already, elsewhere, with its own way to read the table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine import fields, graph, start
from engine.adopted import adopted
from engine.errors import ModelRefused, SettingRefused
from engine.inside import within
from engine.kind import Inputs, Inside, Kind
from engine.model_document import Document, read
from engine.primitives.affine import Affine
from engine.program import Learnt, Recorder
from engine.target import unit_of
from engine.unit import Unit


@dataclass(frozen=True)
class Settings:
    model: Any = fields.document(title="Model", help="The model: it reads the columns that it has learnt from.")
    estimate: str = fields.text(
        "", title="Estimate", help="Which of the model's estimates it hands on, by id; empty: the first.", advanced=True
    )
    speed: float = fields.number(
        0.0,
        low=0,
        high=100,
        title="Learning speed",
        help="Its share of the learning rate; at 0 it stays as it came.",
    )


def inside(settings: Mapping[str, Any]) -> Inside:
    return _inside(*_read(settings.get("model"), settings.get("estimate")))


def lower(settings: Settings, inputs: Inputs, record: Recorder) -> int:
    try:
        document, estimate = _read(settings.model, settings.estimate)
    except ModelRefused as error:
        raise SettingRefused(str(error)) from error
    held, here = _inside(document, estimate), record.post
    learnt = {within(here.owner) + id: named for id, named in document.parameters.items()}
    task, columns = adopted(document.preparation, record)
    with record.at(
        here.node, here.owner, task=task, columns=columns, given=None, learnt=learnt, targets=document.targets
    ):
        result = record.inside(held.graph, held.result)
    return _told(result, held.unit or here.unit, here.unit, record)


def _read(model: Any, estimate: Any) -> tuple[Document, str]:
    """The document, and the id of the estimate. Raises ModelRefused."""
    if not model:
        raise ModelRefused("No model is chosen. Choose one.")
    document = read(model)
    ids = [node.id for node in document.graph.nodes if node.kind == "estimate"]
    if not ids or (estimate and estimate not in ids):
        raise ModelRefused(f"The model has no estimate '{estimate or ''}'; it has: {', '.join(ids) or 'none'}.")
    return document, estimate or ids[0]


def _inside(document: Document, estimate: str) -> Inside:
    unit = unit_of(document.targets[estimate])
    return Inside(document.graph, estimate, unit, alone=True, columns=document.preparation.task_columns())


def _told(slot: int, own: Unit, wanted: Unit, record: Recorder) -> int:
    """The same numbers in the unit that is wanted here."""
    if own == wanted or record.width(slot) > 1:
        return slot
    factor, shift = own.scale / wanted.scale, (own.offset - wanted.offset) / wanted.scale
    weights = Learnt(start.fixed(np.array([[factor]])), frozen=True)
    with record.at(record.post.node):  # a model that works in a second place may be told otherwise there
        return record.step(Affine(1), slot, unit=weights, offset=Learnt(start.fixed(np.array([shift])), frozen=True))


def _example(columns: Any, workers: Any) -> dict[str, Any]:
    """A model that adds its columns up."""
    nodes = [("in", "columns"), ("sum", "linear"), ("out", "estimate")]
    wires = [("in", "sum"), ("sum", "out")]
    plain = {"type": "number", "center": 0.5, "scale": 2.0, "fill": 0.0, "categories": [], "flagged": False}
    scale = {"column": "sum", "center": 1.0, "scale": 3.0, "loss": "squared", "extra": 0.0, "classes": []}
    return {
        "speed": 1.0,
        "model": {
            "format": "backchannel.model",
            "version": 1,
            "graph": {
                "format": graph.FORMAT,
                "version": graph.VERSION,
                "name": "Sum",
                "nodes": [{"id": id, "kind": kind} for id, kind in nodes],
                "wires": [{"source": source, "target": target} for source, target in wires],
            },
            "columns": [{"name": name, **plain} for name in columns],
            "target": {"column": "sum", "scales": [scale]},
            "parameters": {"sum": {"weights": [[1.0] * len(columns)], "bias": [0.0]}},
        },
    }


kind = Kind(
    title="Model",
    family="team",
    help="A model that has learnt already and is at hand as a worker: as it came, or to learn on.",
    feedback="It goes through the model as if its workers stood here; they act on it if they are to learn.",
    formula="model(row)",
    inputs=(),
    settings=Settings,
    lower=lower,
    inside=inside,
    basic=True,
    example=_example,
)
