"""What a run says, as the bytes that are kept and sent; and the few bytes of a reading that a curve needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import orjson

from engine.training.events import Event

BEFORE_NODES = b',"nodes":'


def of_event(run: str, event: Event, **more: Any) -> bytes:
    """An event of the engine, with the run that it belongs to. What is no number becomes null."""
    told = {field.name: getattr(event, field.name) for field in fields(event)}
    return orjson.dumps({"run": run, **told, **more}, default=_plain)


def of_run(run: str, step: int, epoch: float, **more: Any) -> bytes:
    """An event of our own: paused, resumed, changed, rewound, failed."""
    return orjson.dumps({"run": run, "step": step, "epoch": epoch, **more})


def head(payload: bytes) -> dict[str, Any]:
    """An event without its nodes, wires and rows. In bytes, the mark cannot stand inside a string: quotes do not."""
    end = payload.find(BEFORE_NODES)
    told: dict[str, Any] = orjson.loads(payload if end < 0 else payload[:end] + b"}")
    return told


def point(payload: bytes) -> bytes:
    """A reading as a point of the curves: [step, epoch, {estimate: [train, holdout]}]."""
    told = head(payload)
    losses = {estimate: [loss["train"], loss["holdout"]] for estimate, loss in told["loss"].items()}
    return orjson.dumps([told["step"], told["epoch"], losses])


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    return value.tolist()
