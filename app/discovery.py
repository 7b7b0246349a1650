"""Pages and resources are found because their file is there; no list of them is kept.

A module in `app/api` or `app/pages` offers `router`. It may also offer
- `entry`: where its page stands in the menu (`app.pages.Entry`),
- `lifespan(application)`: an async context manager, entered once the store is open, left before it closes,
- `render_problem`: how a problem looks on a page (`app.problems.RenderProblem`).
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from types import ModuleType

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute

from app.pages import Entry
from app.problems import RenderProblem
from app.strict_json import StrictRoute

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


@dataclass(frozen=True)
class Part:
    """What one module adds to the application."""

    name: str
    router: APIRouter
    entry: Entry | None = None
    lifespan: Lifespan | None = None
    render_problem: RenderProblem | None = None


def discover(package: ModuleType) -> list[Part]:
    """The modules of a package in the order of their names. Raises TypeError where one reads JSON laxly."""
    names = sorted(found.name for found in pkgutil.iter_modules(package.__path__, package.__name__ + "."))
    return [part_of(importlib.import_module(name)) for name in names if not name.split(".")[-1].startswith("_")]


def part_of(module: ModuleType) -> Part:
    router: APIRouter = module.router
    lax = [route.path for route in router.routes if isinstance(route, APIRoute) and not _is_strict(route)]
    if lax:
        raise TypeError(f"{module.__name__} reads JSON laxly at {lax}: give its router route_class=StrictRoute.")
    return Part(
        module.__name__,
        router,
        getattr(module, "entry", None),
        getattr(module, "lifespan", None),
        getattr(module, "render_problem", None),
    )


def _is_strict(route: APIRoute) -> bool:
    return isinstance(route, StrictRoute) or route.body_field is None
