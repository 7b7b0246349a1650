"""Graphs over HTTP: nothing that was acknowledged is lost, nobody writes over what they have not seen."""

from __future__ import annotations

import json
import threading
from contextlib import suppress
from typing import Any

import httpx
import pytest

from app.config import Limits
from tests.app.conftest import Server
from tests.app.model_documents import document
from tests.app.uploads import PROJECTS, uploaded

GRAPH: dict[str, Any] = {"format": "backchannel.graph", "version": 1, "name": "Two", "nodes": [], "wires": []}
TEAM: dict[str, Any] = {
    **GRAPH,
    "nodes": [
        {"id": "in", "kind": "columns"},
        {"id": "dani", "kind": "linear"},
        {"id": "ely", "kind": "linear"},
        {"id": "max", "kind": "maximum"},
        {"id": "out", "kind": "estimate"},
    ],
    "wires": [
        {"source": source, "target": target}
        for source, target in (("in", "dani"), ("in", "ely"), ("dani", "max"), ("ely", "max"), ("max", "out"))
    ],
}


def create(server: Server, **more: object) -> str:
    answer = server.client.post("/api/graphs", json={**GRAPH, **more})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def put(server: Server, id: str, version: str | None, **more: object) -> httpx.Response:
    headers = {"If-Match": version} if version is not None else {}
    return server.client.put(f"/api/graphs/{id}", json={**GRAPH, **more}, headers=headers)


def test_a_graph_is_kept_with_every_field(shared_server: Server) -> None:
    node = {
        "id": "in",
        "kind": "columns",
        "settings": {"columns": ["Größe", "b"]},
        "position": {"x": 0.1, "y": -1e-300},
    }
    sent = {**GRAPH, "name": "Größe ≤ 3 \U0001f600", "nodes": [node], "wires": [{"source": "in", "target": "in"}]}
    answer = shared_server.client.post("/api/graphs", json=sent)
    made = answer.json()
    assert (answer.status_code, answer.headers["etag"], made["version"]) == (201, '"1"', 1)
    assert answer.headers["location"] == f"/api/graphs/{made['id']}"
    read = shared_server.client.get(answer.headers["location"])
    assert read.json() == {**sent, "nodes": [{**node, "name": "in"}]}
    assert (read.headers["etag"], read.headers["content-type"]) == ('"1"', "application/json")


def test_what_was_read_is_kept_as_it_is(shared_server: Server) -> None:
    first = shared_server.client.get(f"/api/graphs/{create(shared_server, **TEAM)}").content
    id = create(shared_server, **json.loads(first))
    assert shared_server.client.get(f"/api/graphs/{id}").content == first


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
    ("body", "words"),
    [
        ([], "not a JSON object"),
        ("graph", "not a JSON object"),
        ({}, '"format": "backchannel.graph"'),
        ({"format": "backchannel.model"}, '"format": "backchannel.graph"'),
        ({**GRAPH, "version": 2}, "not of version 1"),
        ({**GRAPH, "name": 7}, "name of the graph"),
        ({**GRAPH, "name": "x" * 201}, "name of the graph"),
        ({**GRAPH, "script": "x"}, "unknown field 'script'"),
        ({**GRAPH, "nodes": [{"id": "../a", "kind": "linear"}]}, "needs an id"),
        ({**GRAPH, "nodes": [{"id": "a", "kind": "linear"}] * 10_001}, "at most 10,000"),
    ],
)
def test_what_is_no_graph_is_refused(shared_server: Server, body: object, words: str) -> None:
    for answer in (
        shared_server.client.post("/api/graphs", json=body),
        shared_server.client.put("/api/graphs/nothing", json=body, headers={"If-Match": "*"}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (422, "graph")
        (problem,) = answer.json()["problems"]
        assert problem.keys() == {"code", "message", "hint", "node", "wire"}
        assert words in problem["message"]
        assert answer.json()["detail"] == f"{problem['message']} {problem['hint']}"


def test_all_that_cannot_be_read_is_said_at_once(shared_server: Server) -> None:
    nodes = [{"id": "", "kind": "linear"}, {"id": "a", "kind": "linear", "position": {"x": "left"}}, 7]
    answer = shared_server.client.post("/api/graphs", json={**GRAPH, "nodes": nodes})
    assert [problem["node"] for problem in answer.json()["problems"]] == [None, "a", None]
    assert answer.json()["detail"].endswith("And 2 more.")


def check(server: Server, body: object) -> httpx.Response:
    return server.client.post("/api/graphs/check", json=body)


def test_a_graph_that_can_be_trained_has_no_problems(shared_server: Server) -> None:
    for body in (TEAM, {"graph": TEAM}, {"graph": TEAM, "table": None, "target": "Cost"}):
        answer = check(shared_server, body)
        assert (answer.status_code, answer.json()) == (200, {"problems": [], "count": 0})


def test_a_target_that_is_left_out_is_guessed_and_none_is_none(shared_server: Server) -> None:
    table = uploaded(shared_server, PROJECTS)["id"]
    for target, codes in (({}, []), ({"target": "California"}, []), ({"target": None}, ["no-target"])):
        answer = check(shared_server, {"graph": TEAM, "table": table, **target})
        assert [problem["code"] for problem in answer.json()["problems"]] == codes
    assert shared_server.client.delete(f"/api/tables/{table}").status_code == 204


def test_problems_say_their_node_or_wire_and_what_to_do(shared_server: Server) -> None:
    wires = [*TEAM["wires"], {"source": "gone", "target": "dani"}]
    nodes = [*TEAM["nodes"], {"id": "lone", "kind": "maximum", "name": "Lone"}]
    answer = check(shared_server, {**TEAM, "nodes": nodes, "wires": wires})
    found = {(problem["code"], problem["node"], problem["wire"]) for problem in answer.json()["problems"]}
    assert found >= {
        ("unknown-node", None, "gone->dani"),
        ("missing-wire", "lone", None),
        ("unreachable", "lone", None),
    }
    assert all(problem["message"] and problem["hint"] for problem in answer.json()["problems"])
    assert answer.json()["count"] == len(answer.json()["problems"])


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"format": "backchannel.graph"}, "graph"),
        ({"graph": {}}, "graph"),
        ({"graph": TEAM, "table": "nothing"}, "table-missing"),
        ({"graph": TEAM, "table": "../etc"}, "table-missing"),
        ({}, "validation"),
        ([], "validation"),
        ({"graph": [], "tabel": "x"}, "validation"),
    ],
)
def test_what_cannot_be_checked_is_refused(shared_server: Server, body: object, code: str) -> None:
    answer = check(shared_server, body)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert all(problem["message"] for problem in answer.json().get("problems", []))


def test_a_setup_is_what_was_last_chosen(shared_server: Server) -> None:
    address = f"/api/graphs/{create(shared_server)}/setup"
    blank: dict[str, Any] = {"table": None, "target": None, "settings": {}, "pace": None}
    assert shared_server.client.get(address).json() == blank
    chosen = {"table": None, "target": "Cost", "settings": {"epochs": 30, "holdout": 0.0}, "pace": {"seconds": 12.5}}
    quick = {**blank, "settings": {"learning_rate": "auto"}, "pace": {"steps_per_second": 50}}
    for setup in (chosen, quick, blank):
        answer = shared_server.client.put(address, json=setup)
        assert (answer.status_code, answer.json()) == (200, setup)
        assert shared_server.client.get(address).json() == setup


@pytest.mark.parametrize(
    ("setup", "code", "words"),
    [
        ({"table": "nothing"}, "table-missing", "no table"),
        ({"settings": {"epochs": 0}}, "settings", "'epochs': it must lie between 1"),
        ({"settings": {"colour": 1}}, "settings", "there is no setting 'colour'"),
        ({"settings": []}, "validation", "must be an object"),
        ({"pace": {"seconds": 0}}, "settings", "more than 0"),
        ({"pace": {"hours": 1}}, "settings", "A pace is null"),
        ({"pace": 3}, "settings", "A pace is null"),
        ({"target": "x" * 201}, "validation", "at most 200"),
        ({"grpah": "x"}, "validation", "not known here"),
    ],
)
def test_a_setup_that_cannot_be_is_refused(shared_server: Server, setup: object, code: str, words: str) -> None:
    address = f"/api/graphs/{create(shared_server)}/setup"
    answer = shared_server.client.put(address, json=setup)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert words in answer.json()["detail"]
    assert shared_server.client.get(address).json()["settings"] == {}


def test_a_setup_goes_with_its_graph(shared_server: Server) -> None:
    address = f"/api/graphs/{create(shared_server)}"
    assert shared_server.client.put(f"{address}/setup", json={"target": "Cost"}).status_code == 200
    assert shared_server.client.get(address).headers["etag"] == '"1"'
    assert shared_server.client.delete(address, headers={"If-Match": '"1"'}).status_code == 204
    for answer in (
        shared_server.client.get(f"{address}/setup"),
        shared_server.client.put(f"{address}/setup", json={"target": "Cost"}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "graph-missing")


@pytest.mark.parametrize("query", ["limit=0", "limit=1001", "limit=x", "offset=-1", "offset=99999999999999999999"])
def test_a_page_of_the_list_that_cannot_be_is_refused(shared_server: Server, query: str) -> None:
    assert shared_server.client.get(f"/api/graphs?{query}").status_code == 422


def test_edits_outlive_kill_9(server: Server) -> None:
    id, version = create(server), 1
    for number in range(5):
        for step in range(number % 4 + 1):
            answer = put(server, id, f'"{version}"', name=f"{number}-{step}")
            version = answer.json()["version"]
        server.restart()
        read = server.client.get(f"/api/graphs/{id}")
        assert (read.headers["etag"], read.json()["name"]) == (f'"{version}"', f"{number}-{step}")


def test_an_edit_that_was_under_way_is_there_or_not(server: Server) -> None:
    id, version = create(server), 1
    for number in range(5):

        def change(version: int = version, name: str = str(number)) -> None:
            body = {**GRAPH, "name": name, "nodes": [{"id": str(n), "kind": "linear"} for n in range(9_000)]}
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


# Proving nodes


def prove(server: Server, **more: object) -> httpx.Response:
    table = uploaded(server, PROJECTS)["id"]
    body = {"graph": TEAM, "table": table, "target": "Cost ($m)", "node": "max"}
    return server.client.post("/api/graphs/prove", json=body | more)


@pytest.mark.parametrize("node", ["in", "dani", "max", "out"])
def test_a_node_is_proven_on_a_table(shared_server: Server, node: str) -> None:
    answer = prove(shared_server, node=node)
    assert answer.status_code == 200, answer.text
    proof, order = answer.json()["proof"], answer.json()["order"]
    assert proof["ok"] and proof["said"].startswith("Proven: ") and proof["compared"] >= 24
    assert proof["difference"] < 1e-6
    assert order == {
        "matters": False,
        "rows": [],
        "said": "The order of rows does not matter: 4 rows came to the same in 4 other orders.",
    }


def test_the_graph_may_be_named_by_its_id(shared_server: Server) -> None:
    kept = create(shared_server, nodes=TEAM["nodes"], wires=TEAM["wires"])
    assert prove(shared_server, graph=kept).json()["proof"]["ok"]


def test_a_node_is_proven_with_what_a_model_has_learnt(shared_server: Server) -> None:
    model = shared_server.client.post("/api/models", json=document()).json()["id"]
    fresh, learnt = (prove(shared_server, after=after, node="dani").json()["proof"] for after in (None, model))
    assert fresh["ok"] and learnt["ok"] and fresh["difference"] != learnt["difference"]


def test_the_rows_whose_order_matters_are_named(shared_server: Server) -> None:
    nodes = [*TEAM["nodes"], {"id": "first", "kind": "group", "settings": {"how": "first"}}]
    wires = [*TEAM["wires"], {"source": "max", "target": "first"}]
    order = prove(shared_server, graph={**TEAM, "nodes": nodes, "wires": wires}, node="first").json()["order"]
    assert order["matters"] and order["rows"] and "in another order, row" in order["said"]


@pytest.mark.parametrize(
    ("more", "status", "said"),
    [
        ({"node": "nobody"}, 422, "There is no node 'nobody' in the graph."),
        ({"table": "nothing"}, 404, "There is no table with this id."),
        ({"after": "nothing"}, 404, "There is no model and no run with this id"),
        ({"graph": "nothing"}, 404, "There is no graph with this id."),
        ({"graph": {"format": "x"}}, 422, ""),
        ({"graph": {**TEAM, "wires": []}}, 422, "Node 'max' cannot work yet: it is not wired up"),
    ],
)
def test_what_cannot_be_proven_says_why(shared_server: Server, more: dict[str, Any], status: int, said: str) -> None:
    answer = prove(shared_server, **more)
    assert answer.status_code == status, answer.text
    assert said in answer.json()["detail"]
