"""Runs the application on a socket until it is told to stop, and stops without losing anything."""

from __future__ import annotations

import asyncio
import errno
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from types import FrameType

import uvicorn
from fastapi import FastAPI

from app.bounded_protocol import bounded
from app.config import Config
from app.errors import CannotListen
from app.main import create_app

GRACE = 2  # seconds that requests under way have once it was told to stop
SIGNALS = (signal.SIGINT, signal.SIGTERM)


def announce(config: Config) -> None:
    print(f"Backchannel is ready at {config.address} (Ctrl+C stops it)", flush=True)


def serve(
    config: Config,
    *,
    create: Callable[[Config], FastAPI] = create_app,
    ready: Callable[[Config], None] = announce,
) -> None:
    """Serve until SIGINT or SIGTERM. Raises AppError, with a sentence, where it cannot start.

    With port 0 the system chooses one; `ready` is told which.
    """
    listener = listen(config)
    with listener:
        actual = replace(config, port=listener.getsockname()[1])
        server = _Server(_uvicorn_config(create(actual), actual), lambda: ready(actual))
        with asyncio.Runner(loop_factory=server.config.get_loop_factory()) as runner:
            runner.run(_run(server, listener))


def listen(config: Config) -> socket.socket:
    """A bound socket. Raises CannotListen."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            config.host, config.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise CannotListen(f"There is no address {config.host} to listen on. Check --host.") from error
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(2048)
    except OSError as error:
        listener.close()
        raise CannotListen(_why_not(config, error)) from error
    return listener


async def _run(server: _Server, listener: socket.socket) -> None:
    """The application's own start and end stand outside uvicorn's, so that a refusal to start reaches the caller."""
    application: FastAPI = server.application
    async with application.router.lifespan_context(application):
        with stopped_by_signals(server.stop):
            await server.serve(sockets=[listener])


@contextmanager
def stopped_by_signals(stop: Callable[[], None]) -> Iterator[None]:
    """Let the first SIGINT or SIGTERM call `stop` inside the event loop, the second as well, and no more than that.

    A handler runs between any two instructions of the program, so it only leaves a note for the loop.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()

    def note(_number: int, _frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(stop)

    before = {number: signal.signal(number, note) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class _Server(uvicorn.Server):
    """Uvicorn's server, which says when it is ready and leaves signals to us."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    @property
    def application(self) -> FastAPI:
        application = self.config.app
        assert isinstance(application, FastAPI)
        return application

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    def stop(self) -> None:
        """Take no more requests and let those under way end; called again, do not wait for them."""
        self.force_exit = self.should_exit
        self.should_exit = True
        self.application.state.stopping.set()


def _uvicorn_config(application: FastAPI, config: Config) -> uvicorn.Config:
    return uvicorn.Config(
        application,
        http=bounded(config.limits.head_bytes, config.limits.head_seconds),
        ws="none",
        lifespan="off",
        interface="asgi3",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE,
    )


def _why_not(config: Config, error: OSError) -> str:
    where = f"Port {config.port} on {config.host}"
    if error.errno == errno.EADDRINUSE:
        return f"{where} is already in use. Stop the other program, or choose another port with --port."
    if error.errno == errno.EACCES:
        return f"{where} is reserved by the system. Choose a port above 1023 with --port."
    if error.errno == errno.EADDRNOTAVAIL:
        return f"This machine has no address {config.host}. Check --host."
    return f"{where} cannot be listened on ({(error.strerror or 'unknown').lower()}). Choose another."
