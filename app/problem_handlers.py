"""What becomes of an exception: a problem in plain words, without traceback, path or the caller's input."""

from __future__ import annotations

import errno
import logging
import secrets
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.config import MEGABYTE
from app.errors import DiskFull
from app.problems import HTTPProblem, ProblemDetails, problem_response, title_of

SHOWN_PROBLEMS = 100
DETAILS = {
    400: "The request cannot be read. If it is a form, send it again from the page.",
    401: "You may not see this.",
    404: "There is nothing at this address. It may have been removed, or the address may be mistyped.",
    405: "This address does not answer that method. The header Allow names those that it answers.",
    413: "The request is larger than this address takes. Send less at once.",
}
WORDS = {
    "missing": "is missing",
    "extra_forbidden": "is not known here",
    "finite_number": "must be a finite number",
    "greater_than": "must be more than {gt}",
    "greater_than_equal": "must be at least {ge}",
    "less_than": "must be less than {lt}",
    "less_than_equal": "must be at most {le}",
    "multiple_of": "must be a multiple of {multiple_of}",
    "literal_error": "must be one of {expected}",
    "enum": "must be one of {expected}",
    "string_too_short": "must have at least {min_length} characters",
    "string_too_long": "must have at most {max_length} characters",
    "too_short": "must have at least {min_length} entries",
    "too_long": "must have at most {max_length} entries",
    "string_pattern_mismatch": "does not have the expected form",
    "value_error": "is not right: {error}",
}
TYPES = {
    "int": "must be a whole number",
    "float": "must be a number",
    "bool": "must be true or false",
    "string": "must be text",
    "list": "must be a list",
    "dict": "must be an object",
    "model": "must be an object",
}
log = logging.getLogger("backchannel")


def install(application: FastAPI) -> None:
    """Hand every exception that a route may raise to its answer; `CatchUnexpected` is for all others."""
    application.add_exception_handler(HTTPException, _answer_refusal)
    application.add_exception_handler(RequestValidationError, _answer_validation)


class CatchUnexpected:
    """Stand inside the security middleware, so that even our own mistakes leave with its headers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        started = False

        async def noting(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, receive, noting)
        except ClientDisconnect:
            return
        except Exception as error:
            if started:
                raise
            request = Request(scope, receive)
            await problem_response(request, unexpected(request, error))(scope, receive, send)


def unexpected(request: Request, error: Exception) -> ProblemDetails:
    """The problem for an exception that nobody foresaw; the log has the rest under the same id."""
    if isinstance(error, DiskFull) or getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT):
        return disk_full()
    number = secrets.token_hex(6)
    log.error("Problem %s: %s %r", number, request.method, request.url.path, exc_info=error)
    detail = f"This is our mistake, not yours. The server's log has the details under {number}."
    return ProblemDetails(500, "unexpected", title_of(500), detail, {"id": number})


def disk_full() -> ProblemDetails:
    detail = "The disk has no room left, so nothing was saved. Free some space, then do it again."
    return ProblemDetails(507, "disk-full", title_of(507), detail)


def disk_low(floor: int) -> HTTPProblem:
    said = f"Less than {floor // MEGABYTE} MB of disk is free, so nothing was saved. Free some, then do it again."
    return HTTPProblem(507, "disk-low", said)


def refusal(error: HTTPException) -> ProblemDetails:
    """The problem for an HTTPException: ours as it is, the framework's in our words."""
    if isinstance(error, HTTPProblem):
        return error.details
    status = error.status_code
    detail = DETAILS.get(status, f"{title_of(status)}.")
    return ProblemDetails(status, f"http-{status}", title_of(status), detail, {}, error.headers or {})


def validation(errors: list[dict[str, Any]]) -> ProblemDetails:
    """The problem for fields that are not right: each is named, none is quoted."""
    problems = [_field_problem(error) for error in errors[:SHOWN_PROBLEMS]]
    more = f" And {len(errors) - 3} more." if len(errors) > 3 else ""
    detail = " ".join(problem["message"] for problem in problems[:3]) + more
    return ProblemDetails(422, "validation", title_of(422), detail, {"problems": problems})


async def _answer_refusal(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return problem_response(request, refusal(error))


async def _answer_validation(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    return problem_response(request, validation(list(error.errors())))


def _field_problem(error: dict[str, Any]) -> dict[str, str]:
    name = _field_name(error["loc"])
    return {"code": error["type"], "field": name, "message": f"The field '{name}' {_words(error)}."}


def _field_name(place: tuple[str | int, ...]) -> str:
    parts = [str(part) for part in place[1:]] or ["body"]
    printable = "".join(letter if letter.isprintable() else "?" for letter in ".".join(parts))
    return printable if len(printable) <= 60 else printable[:60] + "..."


def _words(error: dict[str, Any]) -> str:
    kind = str(error["type"])
    known = WORDS.get(kind) or TYPES.get(kind.partition("_")[0], "is not valid")
    return known.format_map({key: str(value) for key, value in (error.get("ctx") or {}).items()})
