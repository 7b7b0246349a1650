"""The settings of a training, as forms and command lines show them."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from app.strict_json import StrictRoute
from engine.fields import describe, schema
from engine.training.settings import Settings

router = APIRouter(prefix="/api/settings", route_class=StrictRoute, tags=["settings"])


@router.get("")
def list_settings() -> dict[str, Any]:
    """Every setting of a training with its bounds and its usual value, and the same as JSON Schema."""
    return {"fields": describe(Settings), "schema": schema(Settings)}
