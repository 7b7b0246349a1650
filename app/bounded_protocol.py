"""HTTP as uvicorn speaks it, with an end to how long and how large the head of a request may be.

Uvicorn waits for ever for the rest of a head, and keeps all of it (seen in version 0.54).
"""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

REFUSALS = {408: b"Request Timeout", 431: b"Request Header Fields Too Large"}


class BoundedProtocol(HttpToolsProtocol):
    """One connection. Subclasses made by `bounded` say how much it takes."""

    head_bytes_allowed = 32 * 1024
    head_seconds_allowed = 10.0
    _in_head = True
    _head_bytes = 0
    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._expect_head()

    def data_received(self, data: bytes) -> None:
        self._head_bytes += len(data)
        super().data_received(data)
        if self._in_head and self._head_bytes > self.head_bytes_allowed:
            self._refuse(431)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._expect_head()

    def on_headers_complete(self) -> None:
        self._in_head = False
        self._forget_deadline()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._in_head, self._head_bytes = True, 0

    def connection_lost(self, exc: Exception | None) -> None:
        self._forget_deadline()
        super().connection_lost(exc)

    def _expect_head(self) -> None:
        self._forget_deadline()
        self._deadline = self.loop.call_later(self.head_seconds_allowed, self._refuse, 408)

    def _forget_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _refuse(self, status: int) -> None:
        if self.transport.is_closing():
            return
        head = b"HTTP/1.1 %d %s\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
        self.transport.write(head % (status, REFUSALS[status]))
        self.transport.close()


def bounded(head_bytes: int, head_seconds: float) -> type[BoundedProtocol]:
    """The protocol with these bounds, in the form that uvicorn takes: a class."""
    bounds = {"head_bytes_allowed": head_bytes, "head_seconds_allowed": head_seconds}
    return type("Bounded", (BoundedProtocol,), bounds)
