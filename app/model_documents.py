"""Models as documents: read by the engine, told again bit for bit, and checked by the rows that they bring along."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import orjson

from engine.errors import DataRefused, ModelRefused
from engine.model import Model
from engine.model_json import from_json, to_json

CLOSE = 1e-9  # relative: how far another machine's arithmetic may lead away


def read(value: Any) -> tuple[Model, str]:
    """The model of a document, and the text by which it is kept. Raises ModelRefused."""
    model = from_json(value)
    return model, text_of(model)


def text_of(model: Model) -> str:
    """The model's document. Raises ModelRefused where it holds a whole number that no reader would take."""
    try:
        return orjson.dumps(to_json(model)).decode()
    except TypeError as error:
        raise ModelRefused("The model holds a whole number that is too large.") from error


def checks(model: Model) -> dict[str, int]:
    """How many of the rows that the model brought along come to the estimates that it brought along."""
    found = [_holds(model, check) for check in model.checks]
    return {"passed": sum(found), "of": len(found)}


def _holds(model: Model, check: Mapping[str, Any]) -> bool:
    try:
        (estimate,) = model.predict([check["row"]])
    except DataRefused:
        return False
    return _close(estimate, check["estimate"])


def _close(found: Any, told: Any) -> bool:
    if isinstance(found, dict):
        same = isinstance(told, dict) and found.keys() == told.keys()
        return same and all(_close(found[name], told[name]) for name in found)
    if isinstance(found, str):
        return bool(found == told)
    is_number = isinstance(told, int | float) and not isinstance(told, bool)
    return is_number and math.isclose(found, told, rel_tol=CLOSE, abs_tol=1e-12)
