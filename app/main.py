"""Puts the application together: the store, what was discovered, and the layers before every route."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from types import ModuleType
from typing import Any

from fastapi import FastAPI

from app import api, assets, pages, problem_handlers
from app.body_limits import body_limits
from app.config import Config
from app.discovery import Lifespan, Part, discover
from app.problem_handlers import CatchUnexpected
from app.problems import MEDIA_TYPE, plain_problem
from app.security import Security
from app.static_files import CachedFiles
from app.store import open_store
from app.templating import create_environment
from app.vendor import read_vendor
from app.version import version

PACKAGES = (api, pages)
# Its logs would hold what people sent; its settings can come from the environment.
TELEMETRY_OFF: Any = dict.fromkeys(("tracing", "metrics", "logs", "operation_spans", "auto_configure"), False)
PROBLEM_SCHEMA = {
    "type": "object",
    "required": ["type", "status", "code", "title", "detail"],
    "properties": {
        "type": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "title": {"type": "string"},
        "detail": {"type": "string"},
        "problems": {"type": "array", "items": {"type": "object"}},
    },
}


def create_app(config: Config, packages: Sequence[ModuleType] = PACKAGES) -> FastAPI:
    """The application for one data folder. It opens the folder when it starts, not before."""
    parts = [part for package in packages for part in discover(package)]
    application = FastAPI(
        title="Backchannel",
        version=version(),
        openapi_url="/openapi.json",
        docs_url=None,  # these two load scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,
        telemetry=TELEMETRY_OFF,
        lifespan=_lifespan([part.lifespan for part in parts if part.lifespan]),
        responses={"default": {"description": "A problem", "content": {MEDIA_TYPE: {"schema": PROBLEM_SCHEMA}}}},
    )
    limits = body_limits([part.router for part in parts], config.limits)
    application.add_middleware(CatchUnexpected)
    application.add_middleware(Security, config=config, body_limit=limits)  # added last, so it stands outermost
    problem_handlers.install(application)
    _fill_state(application, config, parts)
    for part in parts:
        application.include_router(part.router)
    application.mount("/static", CachedFiles(directory=assets.static(), check_dir=False), "static")
    return application


def _fill_state(application: FastAPI, config: Config, parts: Iterable[Part]) -> None:
    renderers = [part.render_problem for part in parts if part.render_problem]
    application.state.config = config
    application.state.stopping = asyncio.Event()  # set once the server was told to stop: streams end then
    application.state.menu = sorted(part.entry for part in parts if part.entry)
    application.state.templates = create_environment(assets.templates(), vendor=read_vendor(assets.static()))
    application.state.render_problem = renderers[0] if renderers else plain_problem


def _lifespan(lifespans: Sequence[Lifespan]) -> Lifespan:
    @asynccontextmanager
    async def lifespan(application: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            application.state.store = stack.enter_context(open_store(application.state.config.data_dir))
            for enter in lifespans:
                await stack.enter_async_context(enter(application))
            yield

    return lifespan
