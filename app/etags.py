"""Versions of a document as strong ETags: whoever changes one says which one they saw (RFC 9110, 13.1.1)."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import Header

from app.problems import HTTPProblem

IfMatch = Annotated[str | None, Header(alias="If-Match")]
IfNoneMatch = Annotated[str | None, Header(alias="If-None-Match")]


def etag(version: int) -> str:
    return f'"{version}"'


def expected_version(if_match: str | None, thing: str) -> int | None:
    """The version that a change is meant for, None for any (`*`). Raises 428 without one, 412 if it is none."""
    given = (if_match or "").strip()
    if not given:
        said = f"Say which version of the {thing} you mean: send its ETag in the header If-Match."
        raise HTTPProblem(428, "version-needed", said)
    if given == "*":
        return None
    if not re.fullmatch(r'"[0-9]{1,15}"', given):
        said = f"The header If-Match names no version of this {thing}. Send its ETag as it was given to you."
        raise HTTPProblem(412, "version-unknown", said)
    return int(given.strip('"'))


def stale(current: int, thing: str) -> HTTPProblem:
    """The problem of whoever comes second, with the version that is there now."""
    said = f"The {thing} was changed meanwhile. Take that version, or write over it on purpose."
    return HTTPProblem(412, "stale", said, headers={"ETag": etag(current)}, current=current)


def is_current(if_none_match: str | None, version: int) -> bool:
    """Whether the caller has this version already."""
    given = [part.strip().removeprefix("W/") for part in (if_none_match or "").split(",")]
    return etag(version) in given or given == ["*"]
