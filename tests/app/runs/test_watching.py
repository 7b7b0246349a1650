"""Runs watched through a real server: by two, by fifty, after a reload, slowly, and by those who leave."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.stream import MOST_BEHIND
from tests.app.conftest import Server
from tests.app.runs.support import Seen, Viewer, change, endless, start, tell, watch, watching, workers

SHORT: dict[str, Any] = {"settings": {"epochs": 2000}, "pace": {"steps_per_second": 2500}}


def test_two_who_watch_and_one_who_reloads_see_the_same(shared_trainer: Server) -> None:
    id = start(shared_trainer, **SHORT)
    with watching(shared_trainer, id) as one, watching(shared_trainer, id) as other:
        one.until_step(500)
        change(shared_trainer, id, learning_rate=0.01)
        one.rest()
        other.rest()
    reloaded = watch(shared_trainer, id)
    assert one.seen == other.seen == reloaded
    assert one.retry == 500


def test_from_every_id_the_rest_follows(shared_trainer: Server) -> None:
    id = start(shared_trainer, **SHORT)
    seen = watch(shared_trainer, id)
    for after in range(len(seen)):
        assert watch(shared_trainer, id, after) == seen[after:]
    with watching(shared_trainer, id, params={"after": 5}) as viewer:
        assert viewer.rest() == seen[5:]
    over = shared_trainer.client.get(f"/api/runs/{id}/events", headers={"Last-Event-ID": str(len(seen))})
    assert (over.status_code, over.content) == (204, b"")


@pytest.mark.parametrize("given", ["", "abc", "-1", "1.5", "9" * 30, "1, 2"])
def test_an_id_that_is_none_begins_at_the_beginning(shared_trainer: Server, given: str) -> None:
    id = start(shared_trainer, settings={"epochs": 2})
    watch(shared_trainer, id)
    answer = shared_trainer.client.get(f"/api/runs/{id}/events", headers={"Last-Event-ID": given})
    assert b"id: 1\nevent: started\n" in answer.content


def test_what_a_stream_says_of_itself(shared_trainer: Server) -> None:
    id = start(shared_trainer, settings={"epochs": 2})
    watch(shared_trainer, id)
    answer = shared_trainer.client.get(f"/api/runs/{id}/events")
    assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-accel-buffering"] == "no"


def test_fifty_watch_at_once(shared_trainer: Server) -> None:
    id = start(shared_trainer, **SHORT)
    seen: list[Any] = []
    threads = [threading.Thread(target=lambda: seen.append(watch(shared_trainer, id))) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    whole = watch(shared_trainer, id)
    assert len(seen) == 50
    assert all(one == whole for one in seen)


def test_one_who_reads_slowly_misses_no_point(shared_trainer: Server) -> None:
    """The reader reads nothing until more was said than any buffer on the way holds, and much more after that."""
    id = start(shared_trainer, graph=workers(100, "average"), **endless(pace={"steps_per_second": 1000}))
    most = int(Path("/proc/sys/net/ipv4/tcp_wmem").read_text().split()[2]) + 2_000_000
    narrow = httpx.HTTPTransport(socket_options=[(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 16)])
    with (
        httpx.Client(base_url=shared_trainer.base_url, timeout=60, transport=narrow) as client,
        client.stream("GET", f"/api/runs/{id}/events") as response,
    ):
        slow = Viewer(response)
        assert slow.until("started").id == 1
        with watching(shared_trainer, id) as quick:
            said = 0
            while said < most:
                said += len(json.dumps(quick.until("reading").data))
            for number in range(MOST_BEHIND + 10):
                change(shared_trainer, id, pace={"steps_per_second": 1000 + number})
            tell(shared_trainer, id, "stop")
            quick.rest()
        slow.rest()
    assert "series" in [event.kind for event in slow.seen]
    assert "series" not in [event.kind for event in quick.seen]
    assert points(slow) == points(quick)
    assert [event for event in slow.seen if event.kind not in ("reading", "series")] == [
        event for event in quick.seen if event.kind != "reading"
    ]
    ids = [event.id or 0 for event in slow.seen]
    assert ids == sorted(set(ids))


def points(viewer: Viewer) -> list[Any]:
    """The curves that a viewer has."""
    found: list[Any] = []
    for event in viewer.seen:
        if event.kind == "reading":
            losses = {name: [both["train"], both["holdout"]] for name, both in event.data["loss"].items()}
            found.append([event.data["step"], event.data["epoch"], losses])
        elif event.kind == "series":
            found += event.data["points"]
    return found


# Those who leave, and those who are too many


@pytest.fixture
def small(trainer: Server) -> Server:
    """Room for three who watch."""
    trainer.options = ("--streams", "3")
    trainer.stop()
    return trainer.start()


def test_one_too_many_is_told_to_come_back(small: Server) -> None:
    id = start(small, **endless())
    with ExitStack() as stack:
        viewers = [stack.enter_context(watching(small, id)) for _ in range(3)]
        for viewer in viewers:
            viewer.until("reading")
        refused = small.client.get(f"/api/runs/{id}/events")
        assert (refused.status_code, refused.json()["code"]) == (503, "streams")
        assert int(refused.headers["retry-after"]) > 0


def test_those_who_leave_make_room_and_no_noise(small: Server) -> None:
    id = start(small, **endless())
    for _ in range(5):
        with ExitStack() as stack:
            for _ in range(3):
                stack.enter_context(watch_when_there_is_room(small, id)).until("reading")
    tell(small, id, "stop")
    assert small.stop() == 0
    assert small.log == ""


@contextmanager
def watch_when_there_is_room(server: Server, id: str) -> Iterator[Viewer]:
    """The server notices that someone left when it next looks at the connection."""
    while True:
        with ExitStack() as stack:
            client = stack.enter_context(httpx.Client(base_url=server.base_url, timeout=60))
            response = stack.enter_context(client.stream("GET", f"/api/runs/{id}/events"))
            if response.status_code == 200:
                yield Viewer(response)
                return


def test_a_server_that_stops_ends_its_streams(trainer: Server) -> None:
    running, resting = start(trainer, **endless()), start(trainer, **endless())
    tell(trainer, resting, "pause")
    with watching(trainer, running) as one, watching(trainer, resting) as other:
        one.until("reading")
        other.until("paused")
        assert trainer.stop() == 0
        one.rest()
        other.rest()
    assert {event.kind for event in one.seen} == {"started", "reading"}
    assert trainer.log == ""


def test_a_page_that_was_open_goes_on_with_the_next_server(trainer: Server) -> None:
    id = start(trainer, **SHORT)
    seen: list[Seen] = []
    for stop in (trainer.stop, trainer.kill):
        with watching(trainer, id, after=seen[-1].id if seen else None) as viewer:
            viewer.until("reading")
            viewer.until("reading")
            stop()
            with suppress(httpx.TransportError):
                viewer.rest()
            seen += viewer.seen
        trainer.start()
    seen += watch(trainer, id, after=seen[-1].id)
    assert seen == watch(trainer, id)
