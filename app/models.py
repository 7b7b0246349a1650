"""Models as they come in, are kept and are loaded: a document is read by the engine and told again, bit for bit."""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from collections.abc import Mapping
from typing import Annotated, Any

import orjson
from fastapi import Depends, Request

from app.problems import HTTPProblem
from app.store import Reader, models
from engine.errors import DataRefused, ModelRefused
from engine.model import Model
from engine.model_json import from_json, to_json

LOADED = 32  # models that are kept in memory
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
    is_number = isinstance(told, int | float) and not isinstance(told, bool)
    return is_number and math.isclose(found, told, rel_tol=CLOSE, abs_tol=1e-12)


class Library:
    """Loaded models by id, the last used of them. A model never changes, so one that is loaded stays right."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loaded: OrderedDict[str, Model] = OrderedDict()

    def get(self, reader: Reader, id: str) -> Model | None:
        """The model, loaded unless it is already; None where there is none."""
        if models.head(reader, id) is None:
            return None
        with self._lock:
            if id in self._loaded:
                self._loaded.move_to_end(id)
                return self._loaded[id]
        stored = models.get(reader, id)
        assert stored is not None
        model = from_json(orjson.loads(stored.json))
        with self._lock:
            self._loaded[id] = model
            while len(self._loaded) > LOADED:
                self._loaded.popitem(last=False)
        return model

    def forget(self, id: str) -> None:
        with self._lock:
            self._loaded.pop(id, None)


async def _library(request: Request) -> Library:
    library: Library = request.app.state.library
    return library


TheLibrary = Annotated[Library, Depends(_library)]


def missing() -> HTTPProblem:
    return HTTPProblem(404, "model-missing", "There is no model with this id. It may have been deleted.")


def refused(error: ModelRefused) -> HTTPProblem:
    return HTTPProblem(422, "model-refused", str(error))
