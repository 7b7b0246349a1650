"""The handbook: every kind of node and every primitive, each with a page of its own, from its own definition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.pages import Entry
from app.plots import Plot, plot
from app.problems import HTTPProblem
from app.strict_json import StrictRoute
from app.templating import render
from engine import kind as kinds
from engine import picture
from engine import primitive as primitives

router = APIRouter(route_class=StrictRoute, include_in_schema=False)
entry = Entry(40, "Handbook", "/handbook")


@dataclass(frozen=True)
class Card:
    """A kind or a primitive among the others."""

    described: Mapping[str, Any]
    path: str
    plot: Plot


@dataclass(frozen=True)
class HandbookPage:
    families: Sequence[tuple[str, Sequence[Card]]]
    primitives: Sequence[Card]


@dataclass(frozen=True)
class Neighbour:
    """Another page of the handbook."""

    title: str
    path: str


@dataclass(frozen=True)
class KindPage:
    described: Mapping[str, Any]
    family: str
    plot_of: Plot
    made_of: Sequence[Neighbour]


@dataclass(frozen=True)
class PrimitivePage:
    described: Mapping[str, Any]
    plot_of: Plot
    made_with: Sequence[Neighbour]


@router.get("/handbook")
def handbook(request: Request) -> Response:
    cards = [Card(kinds.describe(name), _kind_path(name), _plot_of_kind(name)) for name in kinds.catalogue()]
    families = [
        (title, [card for card in cards if card.described["family"] == family])
        for family, title in kinds.FAMILIES.items()
    ]
    below = [
        Card(primitives.describe(name), _primitive_path(name), _plot_of_primitive(name))
        for name in primitives.catalogue()
    ]
    page = HandbookPage([entry for entry in families if entry[1]], below)
    return render(request, "pages/handbook.html", page)


@router.get("/handbook/kinds/{name}")
def kind(request: Request, name: str) -> Response:
    if name not in kinds.catalogue():
        raise HTTPProblem(
            404, "kind-missing", "There is no such kind of node. The handbook lists those that there are."
        )
    described = kinds.describe(name)
    made_of = [
        Neighbour(primitives.catalogue()[one].title, _primitive_path(one)) for one in picture.of_kind(name).made_of
    ]
    page = KindPage(described, kinds.FAMILIES[described["family"]], _plot_of_kind(name), made_of)
    return render(request, "pages/handbook_kind.html", page)


@router.get("/handbook/primitives/{name}")
def primitive(request: Request, name: str) -> Response:
    if name not in primitives.catalogue():
        raise HTTPProblem(
            404, "primitive-missing", "There is no such primitive. The handbook lists those that there are."
        )
    made_with = [Neighbour(kinds.catalogue()[one].title, _kind_path(one)) for one in picture.made_with(name)]
    page = PrimitivePage(primitives.describe(name), _plot_of_primitive(name), made_with)
    return render(request, "pages/handbook_primitive.html", page)


def _kind_path(name: str) -> str:
    return f"/handbook/kinds/{name}"


def _primitive_path(name: str) -> str:
    return f"/handbook/primitives/{name}"


@cache
def _plot_of_kind(name: str) -> Plot:
    return plot(picture.of_kind(name))


@cache
def _plot_of_primitive(name: str) -> Plot:
    return plot(picture.of_primitive(name))
