"""A line between a browser and a server that can be cut: a proxy that the browser is told to use."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from socket import SHUT_RDWR, create_connection, socket
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Thread


class Line(ThreadingTCPServer):
    """Hands bytes to and fro while it stands; `options` is what a browser context is to know of it."""

    daemon_threads = True

    def __init__(self, server_port: int) -> None:
        super().__init__(("127.0.0.1", 0), Connection)
        self.server_port = server_port
        self.stands = True
        self.ends: set[socket] = set()

    @property
    def options(self) -> dict[str, str]:
        return {"server": f"http://127.0.0.1:{self.server_address[1]}", "bypass": "<-loopback>"}

    def cut(self) -> None:
        """Break every connection, and let none come about."""
        self.stands = False
        for end in list(self.ends):
            with suppress(OSError):
                end.shutdown(SHUT_RDWR)

    def mend(self) -> None:
        self.stands = True


class Connection(BaseRequestHandler):
    """One connection of the browser, and the one to the server that belongs to it."""

    server: Line
    request: socket

    def handle(self) -> None:
        if not self.server.stands:
            return
        with create_connection(("127.0.0.1", self.server.server_port)) as there:
            ends = {self.request, there}
            self.server.ends |= ends
            back = Thread(target=_hand_on, args=(there, self.request))
            back.start()
            _hand_on(self.request, there)
            back.join()
            self.server.ends -= ends


def _hand_on(one: socket, other: socket) -> None:
    """All that comes from one end to the other, until it says no more; then neither does."""
    with suppress(OSError):
        while data := one.recv(65536):
            other.sendall(data)
    for end in (one, other):
        with suppress(OSError):
            end.shutdown(SHUT_RDWR)


@contextmanager
def line_to(server_port: int) -> Iterator[Line]:
    """A line that lasts for a block."""
    with Line(server_port) as line:
        serving = Thread(target=line.serve_forever)
        serving.start()
        yield line
        line.cut()
        line.shutdown()
        serving.join()
