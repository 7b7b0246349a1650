"""Models that are loaded to be asked: the last used of them stay in memory."""

from __future__ import annotations

import threading
from collections import OrderedDict

import orjson

from app.store import Reader, models
from app.store.models import Model as Stored
from engine.model import Model
from engine.model_json import from_json

MOST = 32


def find_model(reader: Reader, id: str) -> Model | None:
    """The model of this id, None where there is none."""
    head = models.head(reader, id)
    if head is None:
        return None
    loaded = _known.get((id, head.created))
    if loaded is None:
        stored = models.get(reader, id)
        assert stored is not None
        loaded = load_model(stored)
    return loaded


def load_model(stored: Stored) -> Model:
    """The model of a row of the store."""
    key = (stored.id, stored.created)
    return _known.get(key) or _known.put(key, from_json(orjson.loads(stored.json)))


class _Known:
    """Models by id and time: a row's document never changes, so one that is loaded stays right."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._models: OrderedDict[tuple[str, str], Model] = OrderedDict()

    def get(self, key: tuple[str, str]) -> Model | None:
        with self._lock:
            if key in self._models:
                self._models.move_to_end(key)
            return self._models.get(key)

    def put(self, key: tuple[str, str], model: Model) -> Model:
        with self._lock:
            self._models[key] = model
            while len(self._models) > MOST:
                self._models.popitem(last=False)
        return model


_known = _Known()
