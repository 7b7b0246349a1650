"""Models that are loaded to be asked: the last used of them, by id."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Annotated

import orjson
from fastapi import Depends, Request

from app.problems import HTTPProblem
from app.store import Reader, models
from engine.model import Model
from engine.model_json import from_json

LOADED = 32  # models that are kept in memory


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
