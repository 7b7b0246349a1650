"""What a route may ask for by naming the type: `def read(store: TheStore, config: TheConfig)`."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Path, Request

from app import files
from app.config import Config
from app.problem_handlers import disk_low
from app.store import Store
from app.store.ids import PATTERN


async def _config(request: Request) -> Config:
    config: Config = request.app.state.config
    return config


async def _store(request: Request) -> Store:
    store: Store = request.app.state.store
    return store


def enough_space(request: Request) -> None:
    """A dependency of routes that store something: raises 507 below the floor of free disk."""
    config: Config = request.app.state.config
    if files.free_bytes(config.data_dir) < config.limits.free_bytes:
        raise disk_low(config.limits.free_bytes)


TheConfig = Annotated[Config, Depends(_config)]
TheStore = Annotated[Store, Depends(_store)]
Id = Annotated[str, Path(pattern=f"^{PATTERN}$")]
EnoughSpace = Depends(enough_space)
