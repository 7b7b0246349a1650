"""Graphs over HTTP: nothing that was acknowledged is lost, nobody writes over what they have not seen."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import Any

import httpx
import pytest

from app.config import Limits
from tests.app.conftest import Server

GRAPH: dict[str, Any] = {"format": "backchannel.graph", "version": 1, "name": "Two", "nodes": [], "wires": []}


def create(server: Server, **more: object) -> str:
    answer = server.client.post("/api/graphs", json={**GRAPH, **more})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def put(server: Server, id: str, version: str | None, **more: object) -> httpx.Response:
    headers = {"If-Match": version} if version is not None else {}
    return server.client.put(f"/api/graphs/{id}", json={**GRAPH, **more}, headers=headers)


def test_a_graph_is_kept_as_it_was_sent(shared_server: Server) -> None:
    sent = {**GRAPH, "name": "Größe ≤ 3 \U0001f600", "a": [0.1, 1e-300, 2**53 + 1, -0.0, 1e22, True, None]}
    answer = shared_server.client.post("/api/graphs", json=sent)
    made = answer.json()
    assert (answer.status_code, answer.headers["etag"], made["version"]) == (201, '"1"', 1)
    assert answer.headers["location"] == f"/api/graphs/{made['id']}"
    read = shared_server.client.get(answer.headers["location"])
    assert read.json() == sent
    assert str(read.json()["a"]) == str(sent["a"])
    assert (read.headers["etag"], read.headers["content-type"]) == ('"1"', "application/json")


def test_a_change_needs_the_version_it_is_meant_for(shared_server: Server) -> None:
    id = create(shared_server)
    changed = put(shared_server, id, '"1"', name="Three")
    assert (changed.status_code, changed.headers["etag"], changed.json()["version"]) == (200, '"2"', 2)
    assert changed.json()["name"] == "Three"
    missing = put(shared_server, id, None)
    assert (missing.status_code, missing.json()["code"]) == (428, "version-needed")
    stale = put(shared_server, id, '"1"', name="Mine")
    assert (stale.status_code, stale.headers["etag"]) == (412, '"2"')
    assert (stale.json()["code"], stale.json()["current"]) == ("stale", 2)
    assert shared_server.client.get(f"/api/graphs/{id}").json()["name"] == "Three"
    assert put(shared_server, id, f'"{stale.json()["current"]}"', name="Mine").json()["version"] == 3
    assert put(shared_server, id, "*").json()["version"] == 4


@pytest.mark.parametrize("version", ['W/"1"', "1", '"one"', '"1", "2"', '"-1"', '"' + "9" * 40 + '"'])
def test_what_names_no_version_changes_nothing(shared_server: Server, version: str) -> None:
    id = create(shared_server)
    assert put(shared_server, id, version).status_code == 412
    assert shared_server.client.get(f"/api/graphs/{id}").headers["etag"] == '"1"'


def test_of_many_who_change_the_same_version_one_wins(shared_server: Server) -> None:
    id = create(shared_server)
    answers: list[tuple[int, str]] = []

    def change(name: str) -> None:
        with httpx.Client(base_url=shared_server.base_url, timeout=30) as client:
            answer = client.put(f"/api/graphs/{id}", json={**GRAPH, "name": name}, headers={"If-Match": '"1"'})
            answers.append((answer.status_code, name))

    threads = [threading.Thread(target=change, args=(str(number),)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(status for status, _ in answers) == [200] + [412] * 7
    winner = next(name for status, name in answers if status == 200)
    assert shared_server.client.get(f"/api/graphs/{id}").json()["name"] == winner


def test_a_graph_is_deleted_once_and_by_version(shared_server: Server) -> None:
    id = create(shared_server)
    address = f"/api/graphs/{id}"
    assert shared_server.client.delete(address).status_code == 428
    assert shared_server.client.delete(address, headers={"If-Match": '"7"'}).status_code == 412
    gone = shared_server.client.delete(address, headers={"If-Match": '"1"'})
    assert (gone.status_code, gone.content) == (204, b"")
    for answer in (
        shared_server.client.get(address),
        shared_server.client.delete(address, headers={"If-Match": "*"}),
        put(shared_server, id, "*"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "graph-missing")


def test_who_has_the_version_is_not_sent_it_again(shared_server: Server) -> None:
    address = f"/api/graphs/{create(shared_server)}"
    again = shared_server.client.get(address, headers={"If-None-Match": 'W/"1"'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", '"1"')
    assert shared_server.client.get(address, headers={"If-None-Match": '"2"'}).status_code == 200


def test_the_list_has_the_last_changed_first_and_no_nodes(shared_server: Server) -> None:
    first, second = create(shared_server, name="First"), create(shared_server, name=" ")
    put(shared_server, first, '"1"', name="First again")
    listed = shared_server.client.get("/api/graphs?limit=2").json()["graphs"]
    assert [(entry["id"], entry["name"], entry["version"]) for entry in listed] == [
        (first, "First again", 2),
        (second, "Untitled", 1),
    ]
    assert listed[0].keys() == {"id", "name", "version", "created", "updated"}
    assert shared_server.client.get("/api/graphs?limit=1&offset=1").json()["graphs"][0]["id"] == second


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ([], "graph-object"),
        ("graph", "graph-object"),
        ({}, "graph-format"),
        ({"format": "backchannel.model"}, "graph-format"),
        ({**GRAPH, "name": 7}, "graph-name"),
        ({**GRAPH, "name": "x" * 201}, "graph-name"),
    ],
)
def test_what_is_no_graph_is_refused(shared_server: Server, body: object, code: str) -> None:
    for answer in (
        shared_server.client.post("/api/graphs", json=body),
        shared_server.client.put("/api/graphs/nothing", json=body, headers={"If-Match": "*"}),
    ):
        assert answer.status_code == 422
        assert answer.json()["problems"][0]["code"] == code


@pytest.mark.parametrize("query", ["limit=0", "limit=1001", "limit=x", "offset=-1", "offset=99999999999999999999"])
def test_a_page_of_the_list_that_cannot_be_is_refused(shared_server: Server, query: str) -> None:
    assert shared_server.client.get(f"/api/graphs?{query}").status_code == 422


def test_edits_outlive_kill_9(server: Server) -> None:
    id, version = create(server), 1
    for number in range(12):
        for step in range(number % 4 + 1):
            answer = put(server, id, f'"{version}"', name=f"{number}-{step}")
            version = answer.json()["version"]
        server.restart()
        read = server.client.get(f"/api/graphs/{id}")
        assert (read.headers["etag"], read.json()["name"]) == (f'"{version}"', f"{number}-{step}")


def test_an_edit_that_was_under_way_is_there_or_not(server: Server) -> None:
    id, version = create(server), 1
    for number in range(8):

        def change(version: int = version, name: str = str(number)) -> None:
            body = {**GRAPH, "name": name, "x": "y" * 500_000}
            with httpx.Client(base_url=server.base_url) as client, suppress(httpx.TransportError):
                client.put(f"/api/graphs/{id}", json=body, headers={"If-Match": f'"{version}"'})

        thread = threading.Thread(target=change)
        thread.start()
        thread.join(0.004 * number)
        server.restart()
        thread.join()
        read = server.client.get(f"/api/graphs/{id}")
        now = int(read.headers["etag"].strip('"'))
        assert now in (version, version + 1)
        if now > version:
            assert read.json()["name"] == str(number)
        version = now


def test_nothing_is_stored_below_the_floor_of_free_disk(server: Server) -> None:
    id = create(server)
    server.options = ("--free-bytes", str(2**62))
    server.restart()
    for answer in (server.client.post("/api/graphs", json=GRAPH), put(server, id, '"1"')):
        assert (answer.status_code, answer.json()["code"]) == (507, "disk-low")
    assert server.client.get(f"/api/graphs/{id}").status_code == 200
    assert server.client.delete(f"/api/graphs/{id}", headers={"If-Match": '"1"'}).status_code == 204
    assert Limits().free_bytes == 200 * 1024 * 1024
