"""The handbook: every kind of worker and combinator, from its own definition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.pages import Entry
from app.strict_json import StrictRoute
from app.templating import render
from engine.kind import FAMILIES, catalogue, describe

router = APIRouter(route_class=StrictRoute, include_in_schema=False)
entry = Entry(40, "Handbook", "/handbook")


@dataclass(frozen=True)
class HandbookPage:
    families: Sequence[tuple[str, Sequence[Mapping[str, Any]]]]


@router.get("/handbook")
def handbook(request: Request) -> Response:
    kinds = [describe(name) for name in catalogue()]
    families = [(title, [kind for kind in kinds if kind["family"] == family]) for family, title in FAMILIES.items()]
    return render(request, "pages/handbook.html", HandbookPage([entry for entry in families if entry[1]]))
