"""Every error that leaves the server: one value, said as JSON, as a piece of a page or as a whole page."""

from __future__ import annotations

import html
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Protocol

import orjson
from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response

MEDIA_TYPE = "application/problem+json"
TITLES = {
    400: "This cannot be read",
    403: "This is refused",
    404: "There is nothing here",
    405: "That cannot be done here",
    408: "This took too long",
    409: "This does not fit what is there",
    410: "This is no longer there",
    412: "Someone else changed it",
    413: "This is too large",
    415: "This is of the wrong type",
    421: "This is not the server's name",
    422: "Something is not right yet",
    428: "Say which version you mean",
    429: "Too much at once",
    500: "Something went wrong",
    503: "Not at the moment",
    507: "The disk is nearly full",
}
log = logging.getLogger("backchannel")


@dataclass(frozen=True)
class ProblemDetails:
    """RFC 9457. `code` is for programs, `title` and `detail` are for people, `more` are extension members."""

    status: int
    code: str
    title: str
    detail: str
    more: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        named = {"status": self.status, "code": self.code, "title": self.title, "detail": self.detail}
        return {"type": f"urn:backchannel:problem:{self.code}", **self.more, **named}


class HTTPProblem(HTTPException):
    """Raise this to answer a request with a problem.

    It is an `HTTPException` so that FastAPI lets it pass while it reads a body.
    """

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        title: str | None = None,
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(status, detail, headers)
        self.details = ProblemDetails(status, code, title or title_of(status), detail, more, headers or {})


class RenderProblem(Protocol):
    """How a problem looks on a page; a module in `app/pages` may offer one by the name `render_problem`."""

    def __call__(self, request: Request, problem: ProblemDetails, *, whole: bool) -> str: ...


def problem_response(request: Request, problem: ProblemDetails) -> Response:
    """The same words for a program, for htmx (a fragment) and for a browser that navigates (a page)."""
    headers = {**problem.headers, "Vary": "Accept, HX-Request"}
    fragment = request.headers.get("HX-Request") == "true"
    if fragment or prefers_html(request.headers.getlist("Accept")):
        return HTMLResponse(_render(request, problem, whole=not fragment), problem.status, headers)
    return Response(orjson.dumps(problem.to_json()), problem.status, headers, MEDIA_TYPE)


def plain_problem(request: Request, problem: ProblemDetails, *, whole: bool) -> str:
    """The look until a page brings a better one, and whenever that one fails."""
    title, detail = html.escape(problem.title), html.escape(problem.detail)
    if not whole:
        return f'<div role="alert" data-problem="{html.escape(problem.code)}"><p>{detail}</p></div>'
    head = f'<meta charset="utf-8"><title>{title}</title>'
    body = f'<main><h1>{title}</h1><p>{detail}</p><p><a href="/">Back to the start</a></p></main>'
    return f'<!doctype html>\n<html lang="en"><head>{head}</head><body>{body}</body></html>\n'


def prefers_html(accept: Sequence[str]) -> bool:
    """Whether text/html is asked for by name and no less than JSON: what a browser sends as it navigates."""
    weights = dict(_weight(part) for part in ",".join(accept).split(","))
    json = max(weights.get("application/json", 0.0), weights.get(MEDIA_TYPE, 0.0))
    return weights.get("text/html", 0.0) > 0 and weights["text/html"] >= json


def title_of(status: int) -> str:
    return TITLES.get(status) or HTTPStatus(status).phrase


def _render(request: Request, problem: ProblemDetails, *, whole: bool) -> str:
    render: RenderProblem = getattr(request.app.state, "render_problem", plain_problem)
    try:
        return render(request, problem, whole=whole)
    except Exception:
        log.exception("The problem '%s' could not be drawn by %r; it was said plainly.", problem.code, render)
        return plain_problem(request, problem, whole=whole)


def _weight(part: str) -> tuple[str, float]:
    name, _, parameters = part.partition(";")
    quality = parameters.rpartition("q=")[2].strip() if "q=" in parameters else "1"
    try:
        return name.strip().lower(), float(quality)
    except ValueError:
        return name.strip().lower(), 0.0
