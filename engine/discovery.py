"""Finds what is there by its file: adding a kind, a loss or a schedule is adding a file."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeAlias

Order: TypeAlias = Callable[[Mapping[str, Any]], Iterable[str]]


def _as_it_is(name: str, found: Any) -> Any:
    return found


class Found(Mapping[str, Any]):
    """By name of its file, the attribute of every module of a package. A trailing underscore of a name is dropped.

    A module is loaded when someone first asks for what it holds; asking whether it is there loads nothing.

    told: name and attribute -> what is handed out.
    order: everything by name -> the names in another order than the alphabet's.
    """

    def __init__(
        self,
        package: str,
        attribute: str,
        told: Callable[[str, Any], Any] = _as_it_is,
        order: Order | None = None,
    ) -> None:
        path = importlib.import_module(package).__path__
        names = sorted(found.name for found in pkgutil.iter_modules(path))
        self._modules = {name.rstrip("_"): f"{package}.{name}" for name in names}
        self._attribute, self._told, self._order = attribute, told, order
        self._loaded: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._loaded:
            module = importlib.import_module(self._modules[name])
            self._loaded[name] = self._told(name, getattr(module, self._attribute))
        return self._loaded[name]

    def __contains__(self, name: object) -> bool:
        return name in self._modules

    def __iter__(self) -> Iterator[str]:
        if order := self._order:
            names = order({name: self[name] for name in self._modules})
            self._modules, self._order = {name: self._modules[name] for name in names}, None
        return iter(self._modules)

    def __len__(self) -> int:
        return len(self._modules)
