"""What runs report, as it happens, to everyone who watches: one ring of encoded events a run, a cursor a viewer.

A viewer that is a little behind is sent every event. One that is far behind, because its page opened late or reads
slowly, is sent the curves that it skipped at once (`series`), every other event in its place between them, and the
newest readings in full. Curves never lose a point, ids only grow, and a connection may break anywhere: the next one
goes on after the last id that arrived.
"""

from __future__ import annotations

import asyncio
import math
from bisect import bisect_right
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Sequence
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass
from itertools import islice

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.problems import HTTPProblem, problem_response
from app.runs.payloads import point
from app.runs.spec import ENDINGS
from app.store import RunLog
from app.store.runlog import Event

OpenLog = Callable[[str], RunLog | None]
"""The log of a run, which is then closed; None where it has none yet."""

MOST_BEHIND = 200  # events, all of which are sent
IN_FULL = 20  # readings, to one who is further behind
POINTS = 5_000  # of the curves, in one event
PING_EVERY = 15.0  # seconds
PATIENCE = 60.0  # seconds that a viewer may take to read what it was sent
FAREWELL = 0.5  # seconds for the last bytes when the server stops
READ_AT_ONCE = 500  # events of a log
FULL = HTTPProblem(503, "streams", "Too many people watch at the moment. Try again soon.", headers={"Retry-After": "5"})
RETRY, PING = b"retry: 500\n\n", b": ping\n\n"
READING = "reading"


@dataclass(frozen=True)
class Frame:
    """An event as it is sent, encoded once for all who watch."""

    number: int
    kind: str
    bytes: bytes


class Whole:
    """A run from its beginning, as one who comes late needs it: all points of the curves, all other events."""

    def __init__(self) -> None:
        self.newest = 0
        self._points: list[bytes] = []
        self._numbers: list[int] = []
        self._others: list[Frame] = []

    def add(self, event: Event) -> None:
        if event.number <= self.newest:
            return
        self.newest = event.number
        if event.kind == READING:
            self._numbers.append(event.number)
            self._points.append(point(event.payload))
        else:
            self._others.append(frame_of(event))

    def between(self, after: int, last: int) -> Iterator[Frame]:
        """What stands for the events after one number up to another, in order."""
        first = bisect_right(self._others, after, key=lambda frame: frame.number)
        for other in islice(self._others, first, None):
            if other.number > last:
                break
            yield from self._series(after, other.number - 1)
            yield other
            after = other.number
        yield from self._series(after, last)

    def _series(self, after: int, last: int) -> Iterator[Frame]:
        low, high = bisect_right(self._numbers, after), bisect_right(self._numbers, last)
        for at in range(low, high, POINTS):
            until = min(at + POINTS, high)
            to = last if until == high else self._numbers[until - 1]
            points = b",".join(self._points[at:until])
            payload = b'{"points":[%b],"from":%d,"to":%d}' % (points, after + 1, to)
            yield Frame(to, "series", _encoded(to, "series", payload))
            after = to


class Channel:
    """One run that someone watches. Only the event loop touches it.

    over: nothing will follow the newest event. gone: the run was deleted. broken: an event is missing, start anew.
    """

    def __init__(self, read: Callable[[int, int | None], list[Event]]) -> None:
        self._read = read
        self._ring: deque[Frame] = deque(maxlen=MOST_BEHIND + IN_FULL)
        self._whole: Whole | None = None
        self._early: list[Event] = []
        self._turn = asyncio.Lock()
        self._open = False
        self.newest = 0
        self.gone = self.broken = False
        self.viewers: set[asyncio.Event] = set()

    @property
    def over(self) -> bool:
        return bool(self._ring) and self._ring[-1].kind in ENDINGS

    async def open(self) -> None:
        """Read the newest events of the log, once."""
        async with self._turn:
            if self._open:
                return
            before = await asyncio.to_thread(self._read, 0, self._ring.maxlen)
            self.newest = before[0].number - 1 if before else 0
            self._open = True
            self._take([*before, *self._early])

    async def whole(self) -> Whole:
        """All of the run, which is read once and then grows by itself."""
        async with self._turn:
            if self._whole is None:
                self._early.clear()
                self._whole = await asyncio.to_thread(self._read_whole)
                for event in self._early:
                    self._whole.add(event)
            return self._whole

    def add(self, events: Sequence[Event]) -> None:
        """Events that now stand in the log; those that we have already are passed over."""
        if self._turn.locked():
            self._early.extend(events)
        if self._open:
            self._take(events)
        self.wake()

    def _take(self, events: Sequence[Event]) -> None:
        for event in events:
            self.broken = self.broken or event.number > self.newest + 1
            if event.number > self.newest and not self.broken:
                self.newest = event.number
                self._ring.append(frame_of(event))
                if self._whole is not None:
                    self._whole.add(event)

    def after(self, number: int) -> list[Frame]:
        """The events after a number that is at most `MOST_BEHIND` events back."""
        return list(islice(self._ring, max(0, len(self._ring) - (self.newest - number)), None))

    def before_newest(self) -> int:
        """The number of the last event that a late viewer need not see in full."""
        readings = [frame.number for frame in self._ring if frame.kind == READING][-IN_FULL:]
        return max(readings[0] - 1 if len(readings) == IN_FULL else 0, self.newest - MOST_BEHIND)

    def wake(self) -> None:
        for viewer in self.viewers:
            viewer.set()

    def _read_whole(self) -> Whole:
        whole = Whole()
        while events := self._read(whole.newest, None):
            for event in events:
                whole.add(event)
        return whole


class Hub:
    """All runs that are watched. `publish` and `drop` may be called by any thread, all else by the event loop."""

    def __init__(
        self, open_log: OpenLog, *, most: int, stopping: asyncio.Event, ping_every: float = PING_EVERY
    ) -> None:
        self._open_log, self._most, self._stopping, self._ping_every = open_log, most, stopping, ping_every
        self._loop = asyncio.get_running_loop()
        self._channels: dict[str, Channel] = {}
        self._streams: dict[asyncio.Task[None], EventStream] = {}

    @property
    def full(self) -> bool:
        return len(self._streams) >= self._most

    def publish(self, run: str, events: Sequence[Event]) -> None:
        """Send on what stands in the log. Who comes later reads it there, so nothing is lost where nobody watches."""
        if run in self._channels:
            self._soon(lambda: self._channels[run].add(events) if run in self._channels else None)

    def drop(self, run: str) -> None:
        """The run was deleted: let those who watch it know."""
        if run in self._channels:
            self._soon(lambda: self._gone(run))

    async def look_after(self) -> None:
        """Ping those to whom nothing was said, and cut off those who do not read; end all when the server stops."""
        while not self._stopping.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(self._ping_every):
                    await self._stopping.wait()
            self._wake_all()
            self._cut_off(self._loop.time() - PATIENCE)
        if self._streams:
            await asyncio.wait(self._streams, timeout=FAREWELL)
        for task in self._streams:
            task.cancel()

    def _wake_all(self) -> None:
        for channel in self._channels.values():
            channel.wake()

    def _cut_off(self, before: float) -> None:
        """End the streams whose viewers have not read since then."""
        for task, stream in self._streams.items():
            if stream.sending_since < before:
                task.cancel()

    async def frames(self, run: str, after: int, *, over: bool = False) -> AsyncGenerator[bytes, None]:
        """The stream of one viewer, from after an id. over: nothing more will be added to the log."""
        async with self._joined(run) as (channel, woken):
            cursor = min(after, channel.newest)
            yield RETRY
            while not (channel.broken or self._stopping.is_set()):
                woken.clear()
                if channel.newest - cursor > MOST_BEHIND:
                    whole, last = await channel.whole(), channel.before_newest()
                    for frame in whole.between(cursor, last):
                        yield frame.bytes
                    cursor = last
                elif channel.newest > cursor:
                    missed, cursor = channel.after(cursor), channel.newest
                    yield b"".join(frame.bytes for frame in missed)
                elif channel.gone:
                    yield b'event: deleted\ndata: {"run":"%b"}\n\n' % run.encode()
                    return
                elif channel.over or over:
                    return
                else:
                    await woken.wait()
                    if channel.newest == cursor and not channel.gone:
                        yield PING

    @asynccontextmanager
    async def _joined(self, run: str) -> AsyncIterator[tuple[Channel, asyncio.Event]]:
        woken = asyncio.Event()
        channel = self._channels.get(run)
        if channel is None or channel.broken:
            channel = self._channels[run] = Channel(lambda after, last: self._read(run, after, last))
        channel.viewers.add(woken)
        try:
            await channel.open()
            yield channel, woken
        finally:
            channel.viewers.discard(woken)
            if not channel.viewers and self._channels.get(run) is channel:
                del self._channels[run]

    def _read(self, run: str, after: int, last: int | None) -> list[Event]:
        """Some events of a log: those after a number, or the `last` ones. For a thread of its own."""
        log = self._open_log(run)
        if log is None:
            return []
        with log:
            if last is not None:
                return log.after(max(0, log.count() - last), limit=2 * last)
            return log.after(after, limit=READ_AT_ONCE)

    def _gone(self, run: str) -> None:
        if run in self._channels:
            self._channels[run].gone = True
            self._channels[run].wake()

    def _soon(self, call: Callable[[], None]) -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody watches any more
            self._loop.call_soon_threadsafe(call)

    async def show(self, stream: EventStream, send: Send, receive: Receive) -> None:
        """Let a stream go on until it ends, its viewer leaves or does not read, or the server stops."""
        showing = asyncio.create_task(stream.send(send))
        leaving = asyncio.create_task(_left(receive))
        self._streams[showing] = stream
        try:
            await asyncio.wait((showing, leaving), return_when=asyncio.FIRST_COMPLETED)
        finally:
            showing.cancel()
            leaving.cancel()
            await asyncio.wait((showing, leaving))
            del self._streams[showing]
        if not showing.cancelled():
            showing.result()


class EventStream(Response):
    """The answer that does not end before the run does, the viewer leaves or the server stops."""

    media_type = "text/event-stream"

    def __init__(self, hub: Hub, run: str, after: int, *, over: bool) -> None:
        self._hub, self._frames = hub, hub.frames(run, after, over=over)
        self.sending_since = math.inf  # as long as the viewer reads
        self.status_code, self.background = 200, None
        self.init_headers({"Cache-Control": "no-store", "X-Accel-Buffering": "no"})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._hub.full:
            await problem_response(Request(scope), FULL.details)(scope, receive, send)
        else:
            await self._hub.show(self, send, receive)

    async def send(self, send: Send) -> None:
        """Send all there is to be sent."""
        now = asyncio.get_running_loop().time
        async with aclosing(self._frames) as frames:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            async for chunk in frames:
                self.sending_since = now()
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
                self.sending_since = math.inf
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def frame_of(event: Event) -> Frame:
    """An event as it is sent."""
    return Frame(event.number, event.kind, _encoded(event.number, event.kind, event.payload))


def _encoded(number: int, kind: str, payload: bytes) -> bytes:
    return b"id: %d\nevent: %b\ndata: %b\n\n" % (number, kind.encode(), payload)


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
