"""The examples: in place on a new server, gone when deleted, back as they came when asked for."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import graph_json
from app.examples import catalogue, example_of
from app.runs import pace
from app.store import is_id
from engine.fields import refusals
from engine.training.settings import Settings
from tests.app.conftest import Server
from tests.app.uploads import left

IDS = list(catalogue())


@pytest.fixture
def filled(tmp_path: Path) -> Iterator[Server]:
    """A server that was given the examples."""
    started = Server(tmp_path / "data", ("--examples",)).start()
    yield started
    started.kill()


@pytest.fixture(scope="module")
def shared_filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    started = Server(tmp_path_factory.mktemp("examples") / "data", ("--examples",)).start()
    yield started
    started.kill()


def test_the_essays_example_comes_first() -> None:
    assert IDS[0] == "california"
    assert example_of("california") is catalogue()["california"]
    assert example_of("nothing") is None
    assert [example.order for example in catalogue().values()] == sorted(it.order for it in catalogue().values())


@pytest.mark.parametrize("id", IDS)
def test_an_example_says_what_to_look_at(id: str) -> None:
    example = catalogue()[id]
    assert is_id(example.id) and example.id == id
    assert example.title and example.table
    assert len(example.sentences) == 3
    assert all(it[0].isupper() and it.endswith(".") and len(it) < 300 for it in example.sentences)
    assert refusals(Settings, example.settings) == {}
    assert pace.refusal(example.pace) is None
    positions = [(node.position, node.id) for node in graph_json.read_graph(example.graph).nodes]
    for (x, y), node in positions:
        near = [other for (a, b), other in positions if abs(a - x) < 200 and abs(b - y) < 96 and other != node]
        assert near == [], f"{node} lies over {near}"


@pytest.mark.parametrize("id", IDS)
def test_an_example_is_in_place_and_can_be_trained(shared_filled: Server, id: str) -> None:
    example, client = catalogue()[id], shared_filled.client
    graph = client.get(f"/api/graphs/{id}")
    assert graph.headers["etag"] == '"1"'
    assert graph.json() == graph_json.read(example.graph)
    setup = client.get(f"/api/graphs/{id}/setup").json()
    assert setup == {
        "table": id,
        "target": example.target,
        "settings": dict(example.settings),
        "pace": None if example.pace is None else dict(example.pace),
    }
    table = client.get(f"/api/tables/{id}").json()
    assert (table["name"], table["rejected"]["count"], table["warnings"]) == (example.table, 0, [])
    assert table["rows"] == len(example.csv_text().splitlines()) - 1
    asked = {"graph": graph.json(), "table": id, "target": example.target}
    assert client.post("/api/graphs/check", json=asked).json()["problems"] == []


def test_the_list_has_all_in_their_order(shared_filled: Server) -> None:
    listed = shared_filled.client.get("/api/examples").json()["examples"]
    assert [(it["id"], it["title"], tuple(it["sentences"]), it["here"]) for it in listed] == [
        (example.id, example.title, example.sentences, True) for example in catalogue().values()
    ]


def test_what_was_deleted_stays_so_until_it_is_asked_for(filled: Server) -> None:
    table = filled.client.get("/api/tables/california").json()
    folder = left(filled)
    assert filled.client.delete("/api/graphs/california", headers={"If-Match": "*"}).status_code == 204
    assert filled.client.delete("/api/tables/california").status_code == 204
    filled.restart()
    assert filled.client.get("/api/graphs/california").status_code == 404
    assert filled.client.get("/api/examples").json()["examples"][0]["here"] is False
    assert not (filled.data_dir / "tables" / "california").exists()
    restored = filled.client.post("/api/examples/california/restore")
    assert (restored.status_code, restored.headers["etag"], restored.json()["version"]) == (200, '"1"', 1)
    assert {**filled.client.get("/api/tables/california").json(), "created": table["created"]} == table
    assert left(filled) == folder
    assert filled.client.get("/api/graphs/california/setup").json()["table"] == "california"
    assert filled.client.get("/api/tables/california/rows").json()["rows"][3] == [1, 1, 10]


def test_what_was_changed_comes_back_as_it_was(filled: Server) -> None:
    client = filled.client
    graph = client.get("/api/graphs/california").json()
    changed = {**graph, "name": "Mine", "nodes": graph["nodes"][:3], "wires": []}
    assert client.put("/api/graphs/california", json=changed, headers={"If-Match": '"1"'}).status_code == 200
    assert client.put("/api/graphs/california/setup", json={"settings": {"epochs": 3}}).status_code == 200
    assert client.patch("/api/tables/california", json={"name": "Mine"}).status_code == 200
    restored = client.post("/api/examples/california/restore")
    assert (restored.headers["etag"], restored.json()["name"]) == ('"3"', "California, two teams")
    assert client.get("/api/graphs/california").json() == graph
    assert client.get("/api/graphs/california/setup").json()["settings"] == {"holdout": 0, "epochs": 600}
    assert client.get("/api/tables/california").json()["name"] == "California projects"
    stale = client.put("/api/graphs/california", json=changed, headers={"If-Match": '"2"'})
    assert stale.status_code == 412


def test_only_an_example_can_be_restored(shared_filled: Server) -> None:
    answer = shared_filled.client.post("/api/examples/nothing/restore")
    assert (answer.status_code, answer.json()["code"]) == (404, "example-missing")


def test_a_server_that_was_killed_while_it_was_filled_is_filled_at_the_next_start(tmp_path: Path) -> None:
    """The folder of an example's table without its row, as a crash between the two leaves it."""
    started = Server(tmp_path / "data", ()).start()
    started.kill()
    stray = tmp_path / "data" / "tables" / "california"
    stray.mkdir(parents=True)
    (stray / "c000.npy").write_bytes(b"half")
    started.options = ("--examples",)
    started.start()
    assert started.client.get("/api/tables/california/rows").json()["total"] == 4
    started.kill()
    os.rename(tmp_path / "data" / "backchannel.db", tmp_path / "elsewhere.db")
    for name in ("backchannel.db-wal", "backchannel.db-shm"):
        (tmp_path / "data" / name).unlink(missing_ok=True)
    started.start()  # a new database beside the old folders
    assert started.client.get("/api/tables/california/rows").json()["total"] == 4
    started.kill()


def test_an_example_that_cannot_be_put_in_place_keeps_no_server_from_starting(tmp_path: Path) -> None:
    started = Server(tmp_path / "data", ("--examples", "--upload-bytes", "10")).start()
    assert started.client.get("/api/graphs/california").status_code == 404
    assert "The example 'california' could not be put in place" in started.log
    started.options = ("--examples",)
    assert json.loads(started.restart().client.get("/api/graphs/california").text)["name"] == "California, two teams"
    started.kill()
