"""How much each address takes: a route that takes more than a small JSON body says so where it is written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from fastapi import APIRouter
from starlette.routing import Route
from starlette.types import Scope

from app.config import Limits

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])
MARK = "__body_limit__"


def takes(limit: str) -> Callable[[Endpoint], Endpoint]:
    """Mark an endpoint, below its route decorator, as taking bodies up to `Limits.<limit>` bytes."""

    def mark(endpoint: Endpoint) -> Endpoint:
        setattr(endpoint, MARK, limit)
        return endpoint

    if limit not in Limits.__dataclass_fields__:
        raise ValueError(f"There is no limit named '{limit}'; see app.config.Limits.")
    return mark


@dataclass(frozen=True)
class BodyLimits:
    """Bytes that a request may carry, known from its method and path before any of the body is read."""

    default: int
    others: tuple[tuple[frozenset[str], re.Pattern[str], int], ...]

    def __call__(self, scope: Scope) -> int:
        for methods, path, size in self.others:
            if scope["method"] in methods and path.match(scope["path"]):
                return size
        return self.default


def body_limits(routers: Iterable[APIRouter], limits: Limits) -> BodyLimits:
    """What the routes of these routers were marked with."""
    routes = [route for router in routers for route in router.routes if isinstance(route, Route)]
    marked = [(route, getattr(route.endpoint, MARK, None)) for route in routes]
    others = [
        (frozenset(route.methods or ()), route.path_regex, int(getattr(limits, limit)))
        for route, limit in marked
        if limit is not None
    ]
    return BodyLimits(limits.json_bytes, tuple(others))
