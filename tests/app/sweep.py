"""Every route there is, so that a test may say once what holds for all of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from types import ModuleType

from starlette.routing import Route

from app.body_limits import MARK
from app.discovery import discover
from app.main import PACKAGES
from app.security import READING


@dataclass(frozen=True)
class Call:
    """One method of one address, its placeholders filled with an id that is nothing's.

    template: the address with its placeholders. described: whether it stands in /openapi.json. limit: the name of the
    limit that its body has, where it takes more than a small one.
    """

    method: str
    path: str
    template: str = field(default="", compare=False)
    described: bool = field(default=False, compare=False)
    limit: str | None = field(default=None, compare=False)

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def calls(packages: Iterable[ModuleType] = PACKAGES) -> list[Call]:
    """Every method and address of the modules in these packages."""
    routes = [route for package in packages for part in discover(package) for route in part.router.routes]
    return [
        Call(method, re.sub(r"\{[^}]*\}", "nothing", route.path), route.path, route.include_in_schema, _limit(route))
        for route in routes
        if isinstance(route, Route)
        for method in sorted(route.methods or ())
    ]


def _limit(route: Route) -> str | None:
    return getattr(route.endpoint, MARK, None)


def changing(among: Iterable[Call]) -> list[Call]:
    return [call for call in among if call.method not in READING]


def reading(among: Iterable[Call]) -> list[Call]:
    return [call for call in among if call.method in READING]
