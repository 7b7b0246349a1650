"""The kinds of nodes that a graph can be made of, as the palette shows them."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from app.strict_json import StrictRoute
from engine.kind import FAMILIES, catalogue, describe

router = APIRouter(prefix="/api/kinds", route_class=StrictRoute, tags=["kinds"])


@router.get("")
def list_kinds() -> dict[str, list[Any]]:
    """Every kind in the order of the palette: what it does, its ports, its settings; and the families in theirs."""
    families = [{"family": family, "title": title} for family, title in FAMILIES.items()]
    return {"kinds": [describe(name) for name in catalogue()], "families": families}
