"""Runs over HTTP, with real processes: started, paused, stepped, changed, stopped, deleted."""

from __future__ import annotations

import os
import signal
from itertools import pairwise
from typing import Any

import pytest

import engine
from tests.app.conftest import Server
from tests.app.runs.reference import undisturbed
from tests.app.runs.support import (
    PROJECTS,
    asked,
    change,
    endless,
    kill_process,
    model,
    process_of,
    read,
    refusal,
    start,
    tell,
    wait_for_end,
    watch,
    watching,
    workers,
)  # fmt: skip
from tests.engine.graphs import CALIFORNIA


def test_the_whole_life_of_a_run(shared_trainer: Server) -> None:
    answer = shared_trainer.client.post("/api/runs", json=asked(settings={"epochs": 300, "seed": 3}))
    made = answer.json()
    assert answer.status_code == 201
    assert answer.headers["location"] == f"/api/runs/{made['id']}"
    assert made["state"] in ("running", "queued")
    seen = watch(shared_trainer, made["id"])
    assert [event.id for event in seen] == list(range(1, len(seen) + 1))
    assert [seen[0].kind, seen[1].kind, seen[-1].kind] == ["started", "reading", "finished"]
    assert {event.data["run"] for event in seen} == {made["id"]}
    found = read(shared_trainer, made["id"])
    assert (found["state"], found["problem"]) == ("finished", None)
    assert found["progress"] == {"step": 300, "steps": 300, "epoch": 300.0, "epochs": 300, "share": 1.0}
    assert found["score"] == seen[-1].data["loss"]
    assert found["settings"] == {"epochs": 300, "seed": 3}
    assert (found["resolved"]["batch_size"], found["resolved"]["learning_rate"]) == (4, 0.05)
    assert (found["learning_rate"], found["pace"]) == (0.05, None)
    assert (found["graph"], found["name"], found["table"], found["target"]) == (None, "California", "projects", "Cost")
    assert found["created"] <= found["started"] <= found["finished"]
    document = model(shared_trainer, made["id"])
    assert document["parameters"] == undisturbed(CALIFORNIA, PROJECTS, target="Cost", settings=found["settings"])
    loaded = engine.load(document)
    assert [loaded.predict([check["row"]])[0] for check in document["checks"]] == [
        check["estimate"] for check in document["checks"]
    ]


def test_a_kept_model_outlives_its_run(shared_trainer: Server) -> None:
    id = start(shared_trainer, settings={"epochs": 5})
    watch(shared_trainer, id)
    document = model(shared_trainer, id)
    kept = shared_trainer.client.post(f"/api/runs/{id}/keep", json={"name": " Costs "})
    again = shared_trainer.client.post(f"/api/runs/{id}/keep")
    assert (kept.status_code, kept.json()["name"], kept.json()["run"]) == (201, "Costs", id)
    assert kept.headers["location"] == f"/api/models/{kept.json()['id']}"
    assert (again.status_code, again.json()["name"]) == (201, "California")
    assert kept.json()["id"] != again.json()["id"]
    assert shared_trainer.client.delete(f"/api/runs/{id}").status_code == 204
    exported = shared_trainer.client.get(f"/api/models/{kept.json()['id']}/export/json")
    assert exported.json()["parameters"] == document["parameters"]


def test_a_graph_may_be_named_and_runs_are_listed_by_it(shared_trainer: Server) -> None:
    graph = shared_trainer.client.post("/api/graphs", json=CALIFORNIA).json()["id"]
    first, second = (start(shared_trainer, graph=graph, settings={"epochs": 2}) for _ in range(2))
    for id in (first, second):
        watch(shared_trainer, id)
    listed = shared_trainer.client.get(f"/api/runs?graph={graph}").json()["runs"]
    assert [run["id"] for run in listed] == [second, first]
    assert {run["graph"] for run in listed} == {graph}
    assert listed[0]["score"] == read(shared_trainer, second)["score"]
    assert shared_trainer.client.get("/api/runs?limit=1").json()["runs"][0]["id"] == second


def test_a_run_pauses_steps_and_goes_on(shared_trainer: Server) -> None:
    id = start(shared_trainer, **endless())
    with watching(shared_trainer, id) as viewer:
        viewer.until_step(50)
        paused = tell(shared_trainer, id, "pause")
        step = paused["progress"]["step"]
        assert paused["state"] == "paused"
        assert viewer.until("paused").data["step"] == step
        resting = model(shared_trainer, id)
        for number in (1, 2):
            stepped = tell(shared_trainer, id, "step")
            assert (stepped["state"], stepped["progress"]["step"]) == ("paused", step + number)
            assert viewer.until("reading").data["step"] == step + number
            assert viewer.until("paused").data["step"] == step + number
        expected = undisturbed(CALIFORNIA, PROJECTS, target="Cost", settings=stepped["settings"], last=step + 2)
        assert model(shared_trainer, id)["parameters"] == expected != resting["parameters"]
        assert tell(shared_trainer, id, "resume")["state"] == "running"
        assert viewer.until("resumed").data["step"] == step + 2
        viewer.until_step(step + 3)
        stopped = tell(shared_trainer, id, "stop")
        finished = viewer.until("finished").data
        assert (finished["reason"], finished["step"] > step) == ("stopped", True)
        assert viewer.next() is None
    assert stopped["state"] in ("stopping", "stopped")
    assert read(shared_trainer, id)["state"] == "stopped"
    steps = [event.data["step"] for event in viewer.seen if event.kind != "started"]
    assert all(before <= after for before, after in pairwise(steps))


def test_what_is_so_already_is_no_mistake(shared_trainer: Server) -> None:
    id = start(shared_trainer, **endless())
    assert tell(shared_trainer, id, "resume")["state"] == "running"
    assert tell(shared_trainer, id, "pause")["state"] == "paused"
    assert tell(shared_trainer, id, "pause")["state"] == "paused"
    tell(shared_trainer, id, "stop")
    kinds = [event.kind for event in watch(shared_trainer, id) if event.kind != "reading"]
    assert kinds == ["started", "paused", "finished"]


def test_learning_rate_and_pace_change_while_it_runs(shared_trainer: Server) -> None:
    id = start(shared_trainer, **endless())
    with watching(shared_trainer, id) as viewer:
        viewer.until_step(20)
        assert change(shared_trainer, id, learning_rate=0.25)["learning_rate"] == 0.25
        first = viewer.until("changed").data
        assert (first["learning_rate"], first["pace"]) == (0.25, {"steps_per_second": 2000})
        assert change(shared_trainer, id, pace={"steps_per_second": 5}, learning_rate=0.125)["pace"] == {
            "steps_per_second": 5
        }
        assert viewer.until("changed").data["learning_rate"] == 0.125
        assert viewer.until("changed").data["pace"] == {"steps_per_second": 5}
        slow = [viewer.until("reading").data["step"] for _ in range(3)]
        assert [slow[1] - slow[0], slow[2] - slow[1]] == [1, 1]
        tell(shared_trainer, id, "stop")
        last = viewer.until("finished").data["step"]
    rates = [(event.data["step"], event.data["learning_rate"]) for event in viewer.seen if event.kind == "changed"]
    expected = undisturbed(
        CALIFORNIA, PROJECTS, target="Cost", settings=endless()["settings"], changes=rates, last=last
    )
    assert model(shared_trainer, id)["parameters"] == expected


def test_a_slow_run_answers_at_once(shared_trainer: Server) -> None:
    id = start(shared_trainer, **endless(pace={"steps_per_second": 0.001}))
    with watching(shared_trainer, id) as viewer:
        viewer.until("reading")
        assert tell(shared_trainer, id, "pause")["state"] == "paused"
        assert tell(shared_trainer, id, "step")["progress"]["step"] == 1
        tell(shared_trainer, id, "resume")
        assert change(shared_trainer, id, learning_rate=0.5)["learning_rate"] == 0.5
        viewer.until("changed")
        tell(shared_trainer, id, "stop")
        assert viewer.until("finished").data["step"] == 1


def test_a_run_that_diverges_says_so_and_keeps_what_was_finite(shared_trainer: Server) -> None:
    settings = {"optimizer": "sgd", "learning_rate": 0.9, "epochs": 500}
    id = start(shared_trainer, graph=workers(8), settings=settings)
    last = watch(shared_trainer, id)[-1]
    assert last.kind == "diverged"
    found = read(shared_trainer, id)
    assert (found["state"], found["problem"]) == ("diverged", last.data["message"])
    assert "learning rate" in last.data["hint"]
    assert engine.load(model(shared_trainer, id)).predict([{"California": 0, "Renewables": 1}])


def test_a_run_that_cannot_begin_says_why(shared_trainer: Server) -> None:
    id = start(shared_trainer, settings={"solve": True})
    (failed,) = watch(shared_trainer, id)
    assert failed.kind == "failed"
    found = read(shared_trainer, id)
    assert (found["state"], found["problem"]) == ("failed", failed.data["message"])
    assert "cannot be solved" in found["problem"]
    assert refusal(shared_trainer.client.get(f"/api/runs/{id}/model"))[:2] == (409, "no-model")


def test_a_command_that_the_state_does_not_allow_is_refused_in_words(shared_trainer: Server) -> None:
    id = start(shared_trainer, **endless())
    status, code, said = refusal(shared_trainer.client.post(f"/api/runs/{id}/step"))
    assert (status, code) == (409, "run-state")
    assert "Pause it first" in said
    assert refusal(shared_trainer.client.get(f"/api/runs/{id}/model"))[:2] == (409, "run-state")
    assert refusal(shared_trainer.client.post(f"/api/runs/{id}/keep"))[:2] == (409, "run-state")
    tell(shared_trainer, id, "stop")
    watch(shared_trainer, id)
    for command in ("pause", "resume", "step", "stop"):
        answer = shared_trainer.client.post(f"/api/runs/{id}/{command}")
        assert refusal(answer)[:2] == (409, "run-state")
    changed = shared_trainer.client.patch(f"/api/runs/{id}", json={"learning_rate": 0.1})
    assert refusal(changed)[:2] == (409, "run-state")


def test_a_run_that_is_not_there_is_not_found(shared_trainer: Server) -> None:
    client = shared_trainer.client
    answers = [client.get("/api/runs/nothing"), client.delete("/api/runs/nothing")]
    answers += [client.get(f"/api/runs/nothing/{part}") for part in ("events", "model")]
    answers += [client.post(f"/api/runs/nothing/{part}") for part in ("pause", "resume", "step", "stop", "keep")]
    answers += [client.patch("/api/runs/nothing", json={"learning_rate": 0.1})]
    assert {refusal(answer)[:2] for answer in answers} == {(404, "run-missing")}


# Who runs and who waits


@pytest.fixture
def narrow(trainer: Server) -> Server:
    """Room for one run, and for two that wait."""
    trainer.options = ("--runs-running", "1", "--runs-queued", "2")
    trainer.stop()
    return trainer.start()


def test_runs_wait_for_their_turn_and_the_queue_has_an_end(narrow: Server) -> None:
    first, second, third = (start(narrow, **endless()) for _ in range(3))
    full = narrow.client.post("/api/runs", json=asked(**endless()))
    assert refusal(full)[:2] == (503, "queue")
    assert int(full.headers["retry-after"]) > 0
    assert [read(narrow, id)["state"] for id in (first, second, third)] == ["running", "queued", "queued"]
    assert refusal(narrow.client.post(f"/api/runs/{second}/step"))[:2] == (409, "run-state")
    with watching(narrow, second) as viewer:
        tell(narrow, first, "stop")
        viewer.until("started")
    assert [read(narrow, id)["state"] for id in (second, third)] == ["running", "queued"]
    assert tell(narrow, third, "stop")["state"] == "stopped"
    (nothing,) = watch(narrow, third)
    assert (nothing.kind, nothing.data["reason"], nothing.data["step"]) == ("finished", "stopped", 0)
    assert refusal(narrow.client.get(f"/api/runs/{third}/model"))[:2] == (409, "no-model")


def test_one_that_is_paused_makes_room_and_waits_when_it_goes_on(narrow: Server) -> None:
    first, second = (start(narrow, **endless()) for _ in range(2))
    with watching(narrow, first) as one, watching(narrow, second) as other:
        one.until_step(10)
        paused_at = tell(narrow, first, "pause")["progress"]["step"]
        other.until("reading")
        assert tell(narrow, first, "resume")["state"] == "queued"
        change(narrow, first, learning_rate=0.5)
        assert tell(narrow, first, "pause")["state"] == "paused"
        assert tell(narrow, first, "resume")["state"] == "queued"
        tell(narrow, second, "stop")
        one.until_step(paused_at + 1)
    kinds = [event.kind for event in one.seen if event.kind != "reading"]
    assert kinds == ["started", "paused", "changed", "resumed"]


def test_one_that_waits_can_be_paused_stepped_and_stopped(narrow: Server) -> None:
    first, second = (start(narrow, **endless()) for _ in range(2))
    assert tell(narrow, second, "pause")["state"] == "paused"
    change(narrow, second, learning_rate=0.5)
    stepped = tell(narrow, second, "step")
    with watching(narrow, second) as viewer:
        viewer.until("paused")
        stepped = read(narrow, second)
        assert (stepped["state"], stepped["progress"]["step"]) == ("paused", 1)
        assert stepped["learning_rate"] == 0.5
        tell(narrow, second, "stop")
        assert viewer.until("finished").data["step"] == 1
    assert read(narrow, first)["state"] == "running"
    expected = undisturbed(
        CALIFORNIA, PROJECTS, target="Cost", settings=endless()["settings"], changes=[(0, 0.5)], last=1
    )
    assert model(narrow, second)["parameters"] == expected


# Ends


def test_a_run_can_be_deleted_while_it_runs(trainer: Server) -> None:
    id = start(trainer, **endless())
    with watching(trainer, id) as viewer:
        viewer.until("reading")
        assert trainer.client.delete(f"/api/runs/{id}").status_code == 204
        assert viewer.rest()[-1].kind == "deleted"
    assert trainer.client.get(f"/api/runs/{id}").status_code == 404
    assert trainer.client.delete(f"/api/runs/{id}").status_code == 404
    assert list((trainer.data_dir / "runs").iterdir()) == []
    trainer.stop()
    assert trainer.log == ""


def test_processes_end_with_a_server_that_is_killed(trainer: Server) -> None:
    id = start(trainer, **endless())
    with watching(trainer, id) as viewer:
        viewer.until("reading")
    trainer.kill()
    wait_for_end(trainer, id)


def test_what_stops_a_whole_group_of_processes_stops_no_run(trainer: Server) -> None:
    id = start(trainer, **endless())
    with watching(trainer, id) as viewer:
        viewer.until("reading")
        process = process_of(trainer, id)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            os.kill(process, number)
        step = read(trainer, id)["progress"]["step"]
        viewer.until_step(step + 500)
    assert process_of(trainer, id) == process


def test_a_run_goes_on_from_another_or_from_a_model(shared_trainer: Server) -> None:
    client = shared_trainer.client
    first = start(shared_trainer, settings={"epochs": 200})
    ended = watch(shared_trainer, first)[-1].data["loss"]
    kept = client.post(f"/api/runs/{first}/keep", json={}).json()["id"]
    for after in (first, kept):
        id = start(shared_trainer, settings={"epochs": 1}, after=after)
        begun = next(event for event in watch(shared_trainer, id) if event.kind == "reading")
        assert begun.data["loss"]["bold"]["train"] == pytest.approx(ended["bold"]["train"], rel=1e-9)


def test_what_a_run_goes_on_from_must_be_there(shared_trainer: Server) -> None:
    client = shared_trainer.client
    assert refusal(client.post("/api/runs", json=asked(after="nobody")))[:2] == (404, "after-missing")
    assert refusal(client.post("/api/runs", json=asked(after="0" * 32)))[:2] == (404, "after-missing")


def test_a_run_that_goes_on_is_taken_up_as_it_began(shared_trainer: Server) -> None:
    first = start(shared_trainer, settings={"epochs": 50})
    watch(shared_trainer, first)
    long: dict[str, Any] = {"settings": {"epochs": 3000}, "after": first}
    calm = start(shared_trainer, **long)
    watch(shared_trainer, calm)
    shaken = start(shared_trainer, pace={"steps_per_second": 1000}, **long)
    with watching(shared_trainer, shaken) as viewer:
        viewer.until_step(500)
    assert shared_trainer.client.delete(f"/api/runs/{first}").status_code == 204
    kill_process(shared_trainer, shaken)
    change(shared_trainer, shaken, pace=None)
    watch(shared_trainer, shaken)
    assert model(shared_trainer, shaken)["parameters"] == model(shared_trainer, calm)["parameters"]
