"""Whatever dies, and whenever: the run goes on, and comes to the bits of one that nothing happened to."""

from __future__ import annotations

import random
import threading
from collections.abc import Sequence
from contextlib import closing, suppress
from typing import Any

import httpx
import pytest

from app.runs.checkpoints import NAMES, newest
from app.runs.supervisor import PAUSED_KEPT
from app.store import Database, runs
from app.store.runs import State
from tests.app.conftest import Server
from tests.app.runs.reference import undisturbed
from tests.app.runs.support import (
    NOW,
    PROJECTS,
    Seen,
    change,
    endless,
    kill_process,
    model,
    process_of,
    read,
    start,
    tell,
    wait_for_end,
    watch,
    watching,
)  # fmt: skip
from tests.engine.graphs import CALIFORNIA

LONG: dict[str, Any] = {"settings": {"epochs": 6000, "schedule": "cosine"}, "pace": {"steps_per_second": 2500}}


def assert_undisturbed(server: Server, id: str, settings: dict[str, Any] = LONG["settings"]) -> list[Seen]:
    """The run has come to what it would have come to without all that happened to it, and its log tells one story."""
    events = watch(server, id)
    assert [event.id for event in events] == list(range(1, len(events) + 1))
    assert [event.kind for event in events if event.kind in ("started", "finished", "failed")] == [
        "started", "finished",
    ]  # fmt: skip
    step = 0
    for event in events:
        now = event.data["step"]
        assert now < step if event.kind == "rewound" else now >= step, (event.kind, now, step)
        step = now
    found = read(server, id)
    ending = events[-1].data
    assert found["score"] == ending["loss"]
    last = ending["step"] if ending["reason"] == "stopped" else None
    expected = undisturbed(CALIFORNIA, PROJECTS, target="Cost", settings=settings, changes=rates(events), last=last)
    assert model(server, id)["parameters"] == expected
    return events


def rates(events: Sequence[Seen]) -> list[tuple[int, float]]:
    """When which learning rate was set, of those settings that were not undone."""
    found: list[tuple[int, float]] = []
    for event in events:
        if event.kind == "rewound":
            continue
        if event.kind == "changed":
            found.append((event.data["step"], event.data["learning_rate"]))
    return found


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 8))])
def test_a_server_killed_at_random_moments_takes_its_runs_up(trainer: Server, seed: int) -> None:
    generator = random.Random(seed)
    ids = [start(trainer, **LONG), start(trainer, **LONG)]
    for round in range(3):
        with watching(trainer, ids[0]) as viewer:
            viewer.until_step(1200 * round + generator.randrange(1200))
            if generator.random() < 0.7:
                for id in ids:
                    change(trainer, id, learning_rate=generator.uniform(0.001, 0.1))
        trainer.restart()
    for id in ids:
        assert_undisturbed(trainer, id)


def test_a_learning_rate_that_was_acknowledged_is_not_lost(trainer: Server) -> None:
    id = start(trainer, **LONG)
    given = []
    for round in range(4):
        with watching(trainer, id) as viewer:
            viewer.until_step(800 * round)
        given.append(0.05 / (round + 1))
        assert change(trainer, id, learning_rate=given[-1])["learning_rate"] == given[-1]
        trainer.restart()
        assert read(trainer, id)["learning_rate"] == given[-1]
    events = assert_undisturbed(trainer, id)
    assert [rate for _, rate in dict.fromkeys(rates(events))] == given


def test_a_change_that_was_under_way_is_there_or_not(trainer: Server) -> None:
    id = start(trainer, **LONG)
    for round in range(4):
        with watching(trainer, id) as viewer:
            viewer.until_step(900 * round)
        rate = 0.05 / (round + 1)

        def ask(rate: float = rate) -> None:
            with httpx.Client(base_url=trainer.base_url) as client, suppress(httpx.TransportError):
                client.patch(f"/api/runs/{id}", json={"learning_rate": rate})

        thread = threading.Thread(target=ask)
        thread.start()
        thread.join(0.006 * round)
        trainer.restart()
        thread.join()
    assert_undisturbed(trainer, id)


def test_a_process_that_is_killed_is_replaced(trainer: Server) -> None:
    id = start(trainer, **LONG)
    generator = random.Random(7)
    with watching(trainer, id) as viewer:
        for round in range(6):
            viewer.until_step(500 * round + generator.randrange(500))
            if round % 2:
                change(trainer, id, learning_rate=0.02 / round)
            kill_process(trainer, id)
        viewer.rest()
    assert assert_undisturbed(trainer, id) == viewer.seen
    assert "rewound" in [event.kind for event in viewer.seen]
    assert "was killed by signal 9; it goes on in another" in trainer.log


def test_other_runs_do_not_notice_that_one_is_killed(trainer: Server) -> None:
    killed, other = start(trainer, **LONG), start(trainer, **LONG)
    with watching(trainer, killed) as viewer:
        viewer.until_step(300)
        process = process_of(trainer, other)
        kill_process(trainer, killed)
        assert process_of(trainer, other) == process
    assert "rewound" not in [event.kind for event in assert_undisturbed(trainer, other)]
    assert_undisturbed(trainer, killed)


def test_a_run_whose_process_dies_again_and_again_is_given_up(trainer: Server) -> None:
    id = start(trainer, **endless(pace={"steps_per_second": 0.01}))
    with watching(trainer, id) as viewer:
        viewer.until("reading")
        for _ in range(4):
            kill_process(trainer, id)
        failed = viewer.until("failed")
        assert viewer.next() is None
    assert "killed by signal 9" in failed.data["message"]
    found = read(trainer, id)
    assert (found["state"], found["problem"]) == ("failed", failed.data["message"])


def test_a_server_that_is_asked_to_stop_lets_runs_write_down_where_they_are(trainer: Server) -> None:
    id = start(trainer, **LONG)
    for round in range(3):
        with watching(trainer, id) as viewer:
            step = viewer.until_step(1500 * round + 300).data["step"]
        change(trainer, id, learning_rate=0.01 * (round + 1))
        assert trainer.stop() == 0
        kept = newest(trainer.data_dir / "runs" / id)
        assert kept is not None
        assert kept.step >= step
        trainer.start()
    assert "rewound" not in [event.kind for event in assert_undisturbed(trainer, id)]
    assert trainer.log == ""


def test_a_paused_run_stays_paused_and_can_go_on(trainer: Server) -> None:
    id = start(trainer, **LONG)
    with watching(trainer, id) as viewer:
        viewer.until_step(700)
    step = tell(trainer, id, "pause")["progress"]["step"]
    trainer.restart()
    found = read(trainer, id)
    assert (found["state"], found["progress"]["step"]) == ("paused", step)
    resting = model(trainer, id)
    stepped = tell(trainer, id, "step")
    with watching(trainer, id, after=0) as viewer:
        while viewer.until("paused").data["step"] < step + 1:
            pass
    assert read(trainer, id)["progress"]["step"] == step + 1
    assert model(trainer, id)["parameters"] != resting["parameters"]
    trainer.stop()
    trainer.start()
    change(trainer, id, learning_rate=0.011)
    assert tell(trainer, id, "resume")["state"] == "running"
    events = assert_undisturbed(trainer, id)
    assert [event.data["step"] for event in events if event.kind == "paused"] == [step, step + 1]
    assert [event.data["step"] for event in events if event.kind == "resumed"] == [step + 1]
    assert stepped["state"] == "paused"


@pytest.mark.parametrize("damage", [b"", b"PK damaged"])
def test_a_damaged_checkpoint_gives_way_to_the_one_before(trainer: Server, damage: bytes) -> None:
    id = start(trainer, **LONG)
    folder = trainer.data_dir / "runs" / id
    with watching(trainer, id) as viewer:
        viewer.until_step(500)
        for rate in (0.03, 0.02, 0.01):
            change(trainer, id, learning_rate=rate)
            viewer.until("changed")
    trainer.kill()
    wait_for_end(trainer, id)
    latest = newest(folder)
    assert latest is not None
    (folder / NAMES[latest.serial % 2]).write_bytes(damage)
    trainer.start()
    assert_undisturbed(trainer, id)


def test_a_paused_run_with_a_damaged_checkpoint_goes_where_it_was_before_it_goes_on(trainer: Server) -> None:
    id = start(trainer, **LONG)
    folder = trainer.data_dir / "runs" / id
    with watching(trainer, id) as viewer:
        viewer.until_step(500)
        change(trainer, id, learning_rate=0.03)
        viewer.until_step(900)
    tell(trainer, id, "pause")
    resting = model(trainer, id)
    trainer.kill()
    wait_for_end(trainer, id)
    latest = newest(folder)
    assert latest is not None
    (folder / NAMES[latest.serial % 2]).write_bytes(b"damaged")
    trainer.start()
    tell(trainer, id, "step")
    with watching(trainer, id) as viewer:
        viewer.until("paused")
        viewer.until("rewound")
        again = viewer.until("paused")
        assert again.data["step"] == latest.step
        viewer.until("paused")
    assert resting["training"]["score"]
    tell(trainer, id, "resume")
    assert_undisturbed(trainer, id)


def test_runs_that_waited_still_wait_in_order(trainer: Server) -> None:
    trainer.options = ("--runs-running", "1")
    trainer.restart()
    ids = [start(trainer, settings={"epochs": 1500}, pace={"steps_per_second": 5000}) for _ in range(3)]
    trainer.restart()
    assert [read(trainer, id)["state"] for id in ids] == ["running", "queued", "queued"]
    for id in ids:
        assert_undisturbed(trainer, id, {"epochs": 1500})
    begun = [read(trainer, id)["started"] for id in ids]
    assert begun == sorted(begun)


def test_a_log_that_was_damaged_costs_its_run_and_nothing_else(trainer: Server) -> None:
    id, other = start(trainer, **endless()), start(trainer, **LONG)
    with watching(trainer, id) as viewer:
        viewer.until("reading")
    trainer.kill()
    wait_for_end(trainer, id)
    for path in (trainer.data_dir / "runs" / id).glob("log.db*"):
        path.write_bytes(b"no database" * 1000)
    trainer.start()
    found = read_state(trainer, id)
    assert found["state"] == "failed"
    assert "damaged" in found["problem"]
    assert_undisturbed(trainer, other)


def read_state(server: Server, id: str) -> dict[str, Any]:
    runs = server.client.get("/api/runs").json()["runs"]
    found: dict[str, Any] = next(run for run in runs if run["id"] == id)
    return found


@pytest.mark.parametrize("reason", ["epochs", "stopped"])
def test_an_end_that_only_the_log_knew_is_put_right(trainer: Server, reason: str) -> None:
    id = start(trainer, **(endless() if reason == "stopped" else LONG))
    if reason == "stopped":
        tell(trainer, id, "stop")
    before = watch(trainer, id)
    trainer.kill()
    with closing(Database(trainer.data_dir / "backchannel.db")) as database, database.write() as transaction:
        transaction.execute("UPDATE runs SET state = 'running', finished = NULL, score = NULL")
    trainer.start()
    found = read(trainer, id)
    assert found["state"] == ("finished" if reason == "epochs" else "stopped")
    assert watch(trainer, id) == before
    assert model(trainer, id)["training"]["score"] == before[-1].data["loss"]


def test_a_stop_that_was_written_down_is_obeyed_by_the_next_server(trainer: Server) -> None:
    id = start(trainer, **endless(pace={"steps_per_second": 0.01}))
    with watching(trainer, id) as viewer:
        viewer.until("reading")
    trainer.kill()
    with closing(Database(trainer.data_dir / "backchannel.db")) as database, database.write() as transaction:
        runs.tell(transaction, id, step=runs.WAITS, name="stop", value="null", now=NOW)
        runs.move(transaction, id, State.STOPPING, NOW)
    trainer.start()
    assert watch(trainer, id)[-1].data["reason"] == "stopped"
    assert read(trainer, id)["state"] == "stopped"


def test_of_many_paused_runs_only_some_keep_a_process(trainer: Server) -> None:
    ids = []
    for _ in range(PAUSED_KEPT + 2):
        ids.append(start(trainer, **endless()))
        assert tell(trainer, ids[-1], "pause")["state"] == "paused"
    wait_for_end(trainer, ids[0])
    wait_for_end(trainer, ids[1])
    for id in (ids[0], ids[-1]):
        step = read(trainer, id)["progress"]["step"]
        tell(trainer, id, "step")
        with watching(trainer, id) as viewer:
            while viewer.until("paused").data["step"] <= step:
                pass
        tell(trainer, id, "stop")
        assert watch(trainer, id)[-1].data["step"] == step + 1
