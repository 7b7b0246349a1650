"""The hub: whoever watches, from wherever and however slowly, has every point of the curves and every other event."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from app.store import RunLog
from app.store.runlog import Event
from app.stream import IN_FULL, MOST_BEHIND, POINTS, Hub


def reading(step: int) -> tuple[str, bytes]:
    said = {"run": "r", "step": step, "epoch": step / 10, "loss": {"out": {"train": 1 / (step + 1), "holdout": None}}}
    return "reading", json.dumps({**said, "nodes": {"a": {"result": {"mean": step}}}}, separators=(",", ":")).encode()


def other(kind: str, step: int) -> tuple[str, bytes]:
    return kind, json.dumps({"run": "r", "step": step, "epoch": step / 10}).encode()


def story(readings: int, *, ended: bool = True, every: int = 90) -> list[tuple[str, bytes]]:
    """Readings with something else after every so many, and a place where the run went back."""
    told: list[tuple[str, bytes]] = [other("started", 0)]
    for step in range(readings):
        told.append(reading(step))
        if step % every == every - 1:
            told.append(other(("paused", "changed", "resumed")[step % 3], step))
    if readings > 300:
        told.append(other("rewound", readings - 30))
        told += [reading(step) for step in range(readings - 29, readings + 5)]
    return [*told, other("finished", readings)] if ended else told


@dataclass
class Page:
    """A page that watches: what it has of the run, by the rules that pages go by."""

    curve: list[Any] = field(default_factory=list)
    others: list[Any] = field(default_factory=list)
    in_full: list[int] = field(default_factory=list)
    ids: list[int] = field(default_factory=list)
    series: int = 0

    def see(self, text: bytes) -> None:
        for block in text.decode().strip("\n").split("\n\n"):
            fields = dict(line.partition(": ")[::2] for line in block.split("\n"))
            if "event" in fields:
                self.take(int(fields["id"]), fields["event"], json.loads(fields["data"]))

    def take(self, id: int, kind: str, data: Any) -> None:
        assert not self.ids or id > self.ids[-1]
        self.ids.append(id)
        if kind == "reading":
            loss = {name: [both["train"], both["holdout"]] for name, both in data["loss"].items()}
            self.curve.append([data["step"], data["epoch"], loss])
            self.in_full.append(id)
        elif kind == "series":
            assert len(data["points"]) <= POINTS
            assert data["to"] == id
            self.curve += data["points"]
            self.series += 1
        else:
            if kind == "rewound":
                self.curve = [point for point in self.curve if point[0] <= data["step"]]
            self.others.append((kind, data["step"]))


def as_seen(events: list[Event]) -> Page:
    """What a page has that saw each of these events."""
    page = Page()
    for event in events:
        page.take(event.number, event.kind, json.loads(event.payload))
    return page


@dataclass
class Theatre:
    """A hub with the logs that it reads."""

    log: RunLog
    hub: Hub
    stopping: asyncio.Event

    def play(self, told: list[tuple[str, bytes]]) -> None:
        """Log, then publish."""
        last = self.log.append(told)
        self.hub.publish("r", [Event(n, *event) for n, event in enumerate(told, last - len(told) + 1)])

    def events(self) -> list[Event]:
        return self.log.after(0, limit=10**6)


async def read_to_end(frames: AsyncGenerator[bytes, None], page: Page) -> Page:
    async with aclosing(frames):
        async for chunk in frames:
            page.see(chunk)
    return page


def in_theatre(folder: Path, act: Callable[[Theatre], Awaitable[None]], ping_every: float = 15.0) -> None:
    """Run something with a hub in a loop; at the end nobody may be left watching."""

    async def whole() -> None:
        def open_log(run: str) -> RunLog | None:
            path = folder / f"{run}.db"
            return RunLog(path) if path.exists() else None

        stopping = asyncio.Event()
        hub = Hub(open_log, most=10, stopping=stopping, ping_every=ping_every)
        with RunLog(folder / "r.db") as log:
            theatre = Theatre(log, hub, stopping)
            watched = asyncio.create_task(hub.look_after())
            await asyncio.wait_for(act(theatre), 60)
            stopping.set()
            await watched
        assert theatre.hub._channels == {}
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(whole())


@pytest.mark.parametrize("readings", [0, 3, 150, MOST_BEHIND, 700])
def test_from_every_position_a_page_gets_what_it_lacks(tmp_path: Path, readings: int) -> None:
    async def act(theatre: Theatre) -> None:
        theatre.play(story(readings))
        events = theatre.events()
        whole = as_seen(events)
        edge = range(max(0, len(events) - MOST_BEHIND - 5), max(0, len(events) - MOST_BEHIND + 5))
        for after in sorted({*range(0, len(events) + 3, 13), *edge, len(events), len(events) + 1}):
            page = as_seen(events[:after])
            before = len(page.ids)
            await read_to_end(theatre.hub.frames("r", after), page)
            assert (page.curve, page.others) == (whole.curve, whole.others)
            behind = len(events) - after
            full = [event.number for event in events[after:] if event.kind == "reading"]
            seen = [id for id in page.in_full if id > after]
            if behind <= MOST_BEHIND:
                assert page.series == 0
                assert page.ids[before:] == list(range(after + 1, len(events) + 1))
            else:
                assert page.series >= 1
                assert seen == full[-len(seen) :]
                assert IN_FULL <= len(seen) <= MOST_BEHIND

    in_theatre(tmp_path, act)


def test_a_stream_may_break_at_every_place(tmp_path: Path) -> None:
    async def act(theatre: Theatre) -> None:
        theatre.play(story(500, every=40))
        whole = as_seen(theatre.events())
        first = await read_to_end(theatre.hub.frames("r", 0), Page())
        for id in first.ids:
            page = Page()
            async with aclosing(theatre.hub.frames("r", 0)) as frames:
                async for chunk in frames:
                    for part in chunk.split(b"\n\n"):
                        if part and (not page.ids or page.ids[-1] < id):
                            page.see(part + b"\n\n")
                    if page.ids and page.ids[-1] >= id:
                        break
            assert page.ids[-1] == id
            await read_to_end(theatre.hub.frames("r", id), page)
            assert (page.curve, page.others) == (whole.curve, whole.others)

    in_theatre(tmp_path, act)


def test_long_curves_come_in_pieces(tmp_path: Path) -> None:
    async def act(theatre: Theatre) -> None:
        theatre.play([reading(step) for step in range(2 * POINTS + 300)] + [other("finished", 1)])
        page = await read_to_end(theatre.hub.frames("r", 0), Page())
        assert page.series == 3
        assert [point[0] for point in page.curve] == list(range(2 * POINTS + 300))

    in_theatre(tmp_path, act)


def test_pages_that_watch_while_it_happens_see_the_same(tmp_path: Path) -> None:
    async def act(theatre: Theatre) -> None:
        generator = random.Random(1)
        told = story(900, ended=False, every=25)
        pages = [Page() for _ in range(8)]
        watching: list[asyncio.Task[Page]] = []
        while told:
            if len(watching) < len(pages) and generator.random() < 0.2:
                page = pages[len(watching)]
                watching.append(asyncio.create_task(read_to_end(theatre.hub.frames("r", 0), page)))
            size = generator.randrange(1, 12)
            some, told = told[:size], told[size:]
            await asyncio.to_thread(theatre.play, some)
            await asyncio.sleep(0)
        await asyncio.to_thread(theatre.play, [other("finished", 1)])
        assert len(watching) == len(pages)
        await asyncio.gather(*watching)
        whole = as_seen(theatre.events())
        for page in pages:
            assert (page.curve, page.others) == (whole.curve, whole.others)

    in_theatre(tmp_path, act)


def test_events_that_come_while_the_log_is_read_are_not_lost(tmp_path: Path) -> None:
    async def act(theatre: Theatre) -> None:
        theatre.play(story(2000, ended=False))
        page = Page()
        watching = asyncio.create_task(read_to_end(theatre.hub.frames("r", 0), page))
        for step in range(3000, 3400):
            theatre.play([reading(step)])
            await asyncio.sleep(0)
        theatre.play([other("finished", 3400)])
        await watching
        whole = as_seen(theatre.events())
        assert (page.curve, page.others) == (whole.curve, whole.others)

    in_theatre(tmp_path, act)


def test_a_slow_reader_is_sent_curves_and_costs_no_memory(tmp_path: Path) -> None:
    async def act(theatre: Theatre) -> None:
        theatre.play(story(5, ended=False))
        page = Page()
        async with aclosing(theatre.hub.frames("r", 0)) as frames:
            while len(page.ids) < 6:
                page.see(await anext(frames))
            for step in range(5, 2000):
                theatre.play([reading(step)])
            await asyncio.sleep(0)
            channel = theatre.hub._channels["r"]
            assert len(channel._ring) < 2 * MOST_BEHIND
            theatre.play([other("finished", 2000)])
            await asyncio.sleep(0)
            await read_to_end(frames, page)
        assert page.series == 1
        assert [point[0] for point in page.curve] == list(range(2000))
        assert len(page.ids) < 2 * MOST_BEHIND

    in_theatre(tmp_path, act)


def test_a_stream_begins_with_retry_and_is_kept_open_by_pings(tmp_path: Path) -> None:
    async def act(theatre: Theatre) -> None:
        async with aclosing(theatre.hub.frames("r", 0)) as frames:
            assert await anext(frames) == b"retry: 500\n\n"
            assert await anext(frames) == b": ping\n\n"
            theatre.play([other("started", 0)])
            assert (await anext(frames)).startswith(b"id: 1\nevent: started\ndata: {")
            assert await anext(frames) == b": ping\n\n"

    in_theatre(tmp_path, act, ping_every=0.05)


def test_streams_end_when_the_server_stops(tmp_path: Path) -> None:
    async def act(theatre: Theatre) -> None:
        pages = [asyncio.create_task(read_to_end(theatre.hub.frames("r", 0), Page())) for _ in range(5)]
        await asyncio.sleep(0.05)
        theatre.stopping.set()
        await asyncio.gather(*pages)

    in_theatre(tmp_path, act)


def test_a_deleted_run_says_so(tmp_path: Path) -> None:
    async def act(theatre: Theatre) -> None:
        theatre.play(story(3, ended=False))
        async with aclosing(theatre.hub.frames("r", 5)) as frames:
            await anext(frames)
            theatre.hub.drop("r")
            assert [chunk async for chunk in frames] == [b'event: deleted\ndata: {"run":"r"}\n\n']

    in_theatre(tmp_path, act)


def test_a_run_that_is_over_without_saying_so_does_not_keep_anyone(tmp_path: Path) -> None:
    async def act(theatre: Theatre) -> None:
        theatre.play(story(3, ended=False))
        page = await read_to_end(theatre.hub.frames("r", 0, over=True), Page())
        assert page.ids == [1, 2, 3, 4]
        assert (await read_to_end(theatre.hub.frames("none", 0, over=True), Page())).ids == []

    in_theatre(tmp_path, act)


def test_an_id_from_a_log_that_lost_its_end_begins_at_its_end(tmp_path: Path) -> None:
    async def act(theatre: Theatre) -> None:
        theatre.play(story(3, ended=False))
        page = Page()
        watching = asyncio.create_task(read_to_end(theatre.hub.frames("r", 999), page))
        await asyncio.sleep(0.05)
        theatre.play([reading(7), other("finished", 8)])
        await watching
        assert page.ids == [5, 6]

    in_theatre(tmp_path, act)


def test_where_an_event_is_missing_the_stream_ends_so_that_the_next_reads_the_log(tmp_path: Path) -> None:
    async def act(theatre: Theatre) -> None:
        theatre.play(story(3, ended=False))
        page = Page()
        watching = asyncio.create_task(read_to_end(theatre.hub.frames("r", 0), page))
        await asyncio.sleep(0.05)
        theatre.log.append([reading(4)])
        theatre.play([reading(5), other("finished", 8)])
        await watching
        assert page.ids == [1, 2, 3, 4]
        assert (await read_to_end(theatre.hub.frames("r", 4), page)).ids == [1, 2, 3, 4, 5, 6, 7]

    in_theatre(tmp_path, act)
