"""How a problem looks: a page for a browser that navigates, a piece of a page for htmx."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request

from app.problems import ProblemDetails
from app.strict_json import StrictRoute
from app.templating import render_text

router = APIRouter(route_class=StrictRoute, include_in_schema=False)


@dataclass(frozen=True)
class ProblemPage:
    title: str
    detail: str
    code: str


def render_problem(request: Request, problem: ProblemDetails, *, whole: bool) -> str:
    """The problem in words, with a way back."""
    page = ProblemPage(problem.title, problem.detail, problem.code)
    return render_text(request, "pages/problem.html", page, block=None if whole else "said")
