"""What stands before every route: is it said to us, is it small and quick enough, does it come from our own pages?

In the order Host, size, origin; how long a body takes is seen as it comes in. The Host check stops pages that point
their own name at this machine (DNS rebinding); the origin check stops pages of other sites from using the person's
browser to change things here. Every answer, a refusal too, leaves with the headers that tell the browser what our
pages may do.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable, Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.config import Config, Limits, is_loopback
from app.problems import HTTPProblem, problem_response

READING = frozenset({"GET", "HEAD", "OPTIONS"})
POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'; object-src 'none'"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    # Not no-referrer: under that a browser sends "Origin: null" with our own plain forms.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), serial=(), usb=()",
}


class Security:
    """The outermost layer. `request.state.nonce` is what a script element of this answer must carry."""

    def __init__(self, app: ASGIApp, *, config: Config, body_limit: Callable[[Scope], int]) -> None:
        self.app = app
        self.origins = config.origins
        self.limits = config.limits
        self.body_limit = body_limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            return await send({"type": "websocket.close", "code": 1008})
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        nonce = scope.setdefault("state", {})["nonce"] = secrets.token_urlsafe(16)
        safely, headers, limit = _with_headers(send, nonce), Headers(scope=scope), self.body_limit(scope)
        try:
            check_host(headers, self.origins)
            check_head(scope, self.limits.head_bytes)
            check_length(headers, limit)
            check_origin(headers, scope["method"], self.origins)
        except HTTPProblem as refusal:
            await problem_response(Request(scope), refusal.details)(scope, receive, safely)
        else:
            await self.app(scope, _bounded(receive, limit, self.limits), safely)


def check_host(headers: Headers, origins: Mapping[str, str]) -> None:
    """Raise 421 unless the one Host header is, letter for letter, a name that this server goes by."""
    given = headers.getlist("Host")
    if len(given) != 1 or given[0].lower() not in origins:
        known = " or ".join(sorted(set(origins.values())))
        said = f"This server does not go by the name it was called. Open it as {known}"
        raise HTTPProblem(421, "host", f"{said}, or start it with that name.")


def check_head(scope: Scope, limit: int) -> None:
    """Raise 431 where address and headers together are longer than any page of ours makes them."""
    size = len(scope.get("raw_path") or b"") + len(scope["query_string"])
    if size + sum(len(name) + len(value) + 4 for name, value in scope["headers"]) > limit:
        raise HTTPProblem(431, "head-size", f"Address and headers are longer than {limit} bytes.")


def check_length(headers: Headers, limit: int) -> None:
    """Raise 413 where the request announces more than its address takes."""
    length = headers.get("Content-Length", "0")
    if not length.isdecimal() or int(length[:20]) > limit:
        raise _too_large(limit)


def check_origin(headers: Headers, method: str, origins: Mapping[str, str]) -> None:
    """Raise 403 where a browser says that another site's page is asking.

    Another site may link to our pages and nothing else: not change a thing, not load data or streams of ours.
    A program that is no browser sends neither header and is let through.
    """
    sites, ours = headers.getlist("Sec-Fetch-Site"), origins[headers["Host"].lower()]
    reading = method in READING
    linked = reading and headers.get("Sec-Fetch-Mode", "navigate") == "navigate"
    foreign_site = any(site not in ("same-origin", "none") for site in sites) and not linked
    foreign_origin = any(origin != ours for origin in headers.getlist("Origin")) and not reading
    if foreign_site or foreign_origin:
        said = "Another site's page asked for this, so it was not done. Do it from a page of this server."
        raise HTTPProblem(403, "origin", said)


def remote_refusal(host: str, allowed: bool) -> str | None:
    """Why listening on `host` is refused, or None: others may reach us only where that was asked for."""
    if is_loopback(host) or allowed:
        return None
    return (
        f"Listening on {host} lets everyone on the network read and change everything here, "
        "without a password. Leave --host out to serve this machine only, or add --allow-remote "
        "if that is what you want."
    )


def _with_headers(send: Send, nonce: str) -> Send:
    async def send_safely(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.update({**HEADERS, "Content-Security-Policy": POLICY.format(nonce=nonce)})
            headers.setdefault("Cache-Control", "no-store")
        await send(message)

    return send_safely


def _bounded(receive: Receive, most: int, limits: Limits) -> Receive:
    """Count bytes and seconds as a body comes in, for those who announce nothing, send more, or never end."""
    size, waited, ended = 0, 0.0, False

    async def receive_bounded() -> Message:
        nonlocal size, waited, ended
        if ended:
            return await receive()
        began = time.monotonic()
        try:
            async with asyncio.timeout(limits.body_seconds + size / limits.body_bytes_per_second - waited):
                message = await receive()
        except TimeoutError:
            raise _too_slow() from None
        waited += time.monotonic() - began
        size += len(message.get("body", b""))
        ended = not message.get("more_body", False)
        if size > most:
            raise _too_large(most)
        return message

    return receive_bounded


def _too_large(limit: int) -> HTTPProblem:
    said = f"The request is larger than the {limit:,} bytes that this address takes. Send less at once."
    return HTTPProblem(413, "size", said, limit=limit)


def _too_slow() -> HTTPProblem:
    said = "The request came in too slowly, so it was cut off. Send it again over a faster line, or in smaller parts."
    return HTTPProblem(408, "slow", said, headers={"Connection": "close"})
