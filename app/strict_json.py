"""JSON from outside, read so that nothing is guessed: what another reader could take differently is refused.

Refused beside bad syntax: NaN and Infinity, numbers too long or too large for a float, a name given twice in
one object, half of a surrogate pair, deep nesting, bytes that are not UTF-8, a type other than
`application/json`. Use it by `APIRouter(route_class=StrictRoute)`; bodies arrive by `Annotated[.., Body()]`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Coroutine
from email.message import Message
from math import isinf
from typing import Any, NoReturn

from fastapi import Request, params
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from app.config import Limits
from app.problems import HTTPProblem

LARGE = 64 * 1024  # bytes; reading more than this is left to a thread, so that streams go on meanwhile
TOKEN = re.compile(
    r"""(?P<open>[\[{])
      | (?P<close>[\]}])
      | "(?P<text>[^"\\]*+(?:\\.[^"\\]*+)*+)(?P<end>"?)(?P<colon>[ \t\n\r]*+:)?
      | (?P<constant>NaN|-?Infinity)
      | (?<![-+.0-9eE])(?P<number>[-+.0-9eE]{300,}+ | [-+.0-9]++[eE]\+?[0-9]{3,}+)""",
    re.DOTALL | re.VERBOSE,
)


class StrictRoute(APIRoute):
    """A route whose JSON body is read strictly; forms and routes without a body are left as they are."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()
        body = self.body_field
        if body is None or isinstance(body.field_info, params.Form):
            return handle
        required = body.field_info.is_required()

        async def handle_strictly(request: Request) -> Response:
            strict = _StrictRequest(request.scope, request.receive)
            if required or await strict.body():
                await strict.json()
            return await handle(strict)

        return handle_strictly


class _StrictRequest(Request):
    _value: Any

    async def json(self) -> Any:
        if not hasattr(self, "_value"):
            require_json(self.headers.get("Content-Type", ""))
            body, limits = await self.body(), self.app.state.config.limits
            large = len(body) > LARGE
            self._value = await run_in_threadpool(parse, body, limits) if large else parse(body, limits)
        return self._value


def require_json(content_type: str) -> None:
    """Raise 415 unless the type is application/json, in UTF-8 if it says so at all."""
    message = Message()
    message["Content-Type"] = content_type
    given = message.get_content_type() if content_type else ""
    if given != "application/json" or message.get_content_charset("utf-8") != "utf-8":
        said = "Send JSON here, with the header Content-Type: application/json."
        raise HTTPProblem(415, "json-type", said, headers={"Accept": "application/json"})


def parse(body: bytes, limits: Limits) -> Any:
    """The value that `body` holds. Raises HTTPProblem 400 that says what is wrong and where."""
    text = _decode(body)
    _scan(text, limits)
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        refuse(text, error.pos, "json-syntax", f"cannot be read: {error.msg.lower()}")


def refuse(text: str, position: int, code: str, what: str) -> NoReturn:
    """Raise a problem that ends by saying where."""
    line, column = text.count("\n", 0, position) + 1, position - text.rfind("\n", 0, position)
    said = f"The JSON {what}, at line {line}, column {column}."
    raise HTTPProblem(400, code, said, line=line, column=column)


def _decode(body: bytes) -> str:
    if not body.strip():
        raise HTTPProblem(400, "json-empty", "The body is empty. Send one JSON value.")
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        said = f"The JSON is not UTF-8: byte {error.start + 1} fits no letter. Save it as UTF-8."
        raise HTTPProblem(400, "json-encoding", said, byte=error.start + 1) from None
    if text[0] == "\ufeff":
        refuse(text, 0, "json-encoding", "starts with a byte order mark; send it without")
    return text


def _scan(text: str, limits: Limits) -> None:
    """Look at every bracket, string and suspicious number once: all that `json.loads` would let pass."""
    objects: list[set[str] | None] = []  # the names so far of each open object; None stands for an array
    for token in TOKEN.finditer(text):
        place = token.start()
        match token.lastgroup:
            case "open":
                objects.append(set() if token[0] == "{" else None)
                if len(objects) > limits.json_depth:
                    refuse(text, place, "json-depth", f"is nested deeper than {limits.json_depth} levels")
            case "close":
                if objects:
                    objects.pop()
            case "end" | "colon":
                name = _string(text, token)
                if token["colon"] and objects and (names := objects[-1]) is not None:
                    _add_name(text, place, name, names, limits)
            case "constant":
                refuse(text, place, "json-constant", f"holds {token[0]}, which is no number in JSON")
            case _:
                _check_number(text, place, token[0], limits)


def _string(text: str, token: re.Match[str]) -> str:
    raw = token["text"]
    if not token["end"]:
        refuse(text, token.start(), "json-syntax", "cannot be read: this string is never closed")
    if "\\" not in raw:
        return raw
    try:
        value = str(json.loads(f'"{raw}"'))
        value.encode()
    except UnicodeEncodeError:
        refuse(text, token.start(), "json-surrogate", "holds half of a surrogate pair")
    except json.JSONDecodeError as error:
        refuse(text, token.start() + error.pos, "json-syntax", f"cannot be read: {error.msg.lower()}")
    return value


def _add_name(text: str, place: int, name: str, names: set[str], limits: Limits) -> None:
    if name in names:
        refuse(text, place, "json-duplicate", "gives a name twice in the same object")
    names.add(name)
    if len(names) > limits.json_keys:
        refuse(text, place, "json-keys", f"has an object with more than {limits.json_keys} names")


def _check_number(text: str, place: int, number: str, limits: Limits) -> None:
    if len(number) > limits.json_number_length:
        longest = limits.json_number_length
        refuse(text, place, "json-number", f"holds a number of more than {longest} digits")
    try:
        too_large = isinf(float(number))
    except ValueError:
        return  # no number at all, which json.loads says better
    if too_large:
        refuse(text, place, "json-number", "holds a number that is too large")
