"""The team that a table begins with: on the page, over HTTP and on the command line."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

import engine
from app.starter import first_team
from engine import check, graph
from tests.app.cli import Place
from tests.app.conftest import Server
from tests.app.uploads import uploaded


def content(rows: int = 60) -> str:
    drawn = random.Random(1)
    lines = ["a,city,sold,y"]
    for row in range(rows):
        a = drawn.gauss(0, 1)
        lines.append(f"{a},{('Rome', 'Oslo', 'Bonn')[row % 3]},{('yes', 'no')[a > 0.3]},{abs(a) + row % 3}")
    return "\n".join(lines)


@pytest.mark.parametrize(("target", "width"), [("y", 1), ("city", 3), ("sold", 1)])
def test_a_starter_is_proposed_that_can_be_trained(shared_server: Server, target: str, width: int) -> None:
    table = uploaded(shared_server, content())["id"]
    answer = shared_server.client.get(f"/api/tables/{table}/starter", params={"target": target})
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["setup"]["table"], told["setup"]["target"]) == (table, target)
    line = told["graph"]["nodes"][1]["settings"]["graph"]["nodes"][1]
    assert (line["kind"], line["settings"]["width"]) == ("linear", width)
    asked = {"graph": told["graph"], "table": table, "target": target}
    assert shared_server.client.post("/api/graphs/check", json=asked).json()["count"] == 0
    settings = told["setup"]["settings"] | {"epochs": 2}
    started = shared_server.client.post("/api/runs", json={**asked, "settings": settings})
    assert started.status_code == 201, started.text


def numbered() -> str:
    return "\n".join([",size,y", *(f"{row},{row % 7}.5,{row % 5}" for row in range(1, 61))])


def test_a_starter_has_nothing_against_another_target(shared_server: Server) -> None:
    table = uploaded(shared_server, numbered())["id"]
    told = shared_server.client.get(f"/api/tables/{table}/starter", params={"target": "y"}).json()
    asked = {"graph": told["graph"], "table": table, "target": "size"}
    assert shared_server.client.post("/api/graphs/check", json=asked).json()["count"] == 0


def test_a_target_that_cannot_be_learnt_is_named(shared_server: Server) -> None:
    table = uploaded(shared_server, content())["id"]
    answer = shared_server.client.get(f"/api/tables/{table}/starter", params={"target": "nothing"})
    assert (answer.status_code, "'nothing'" in answer.json()["detail"]) == (422, True)


def test_a_new_graph_for_a_table_is_its_starter(shared_server: Server) -> None:
    table = uploaded(shared_server, content())["id"]
    made = shared_server.client.post("/graphs", data={"table": table})
    id = made.headers["location"].rsplit("/", 1)[1]
    proposed = shared_server.client.get(f"/api/tables/{table}/starter").json()
    assert shared_server.client.get(f"/api/graphs/{id}").json() == proposed["graph"]
    setup = shared_server.client.get(f"/api/graphs/{id}/setup").json()
    assert {name: setup[name] for name in proposed["setup"]} == proposed["setup"]


def test_a_new_graph_can_be_for_another_target(shared_server: Server) -> None:
    table = uploaded(shared_server, content())["id"]
    id = shared_server.client.post("/graphs", data={"table": table}).headers["location"].rsplit("/", 1)[1]
    shared_server.client.post(f"/graphs/{id}/data", data={"table": table, "target": "city"})
    page = shared_server.client.get(f"/graphs/{id}").text
    assert f'name="table" value="{table}"' in page
    assert 'name="target" value="city"' in page
    graph = shared_server.client.get(f"/api/graphs/{id}").json()
    asked = {"graph": graph, "table": table, "target": "city"}
    (problem,) = shared_server.client.post("/api/graphs/check", json=asked).json()["problems"]
    assert "needs 3 numbers, one for each class; it is given 1" in problem["message"]
    made = shared_server.client.post("/graphs", data={"table": table, "target": "city"})
    id = made.headers["location"].rsplit("/", 1)[1]
    proposed = shared_server.client.get(f"/api/tables/{table}/starter", params={"target": "city"}).json()
    assert shared_server.client.get(f"/api/graphs/{id}").json() == proposed["graph"]
    assert shared_server.client.get(f"/api/graphs/{id}/setup").json()["target"] == "city"


def test_without_a_table_there_is_a_first_team() -> None:
    assert check.problems(graph.from_json(first_team(None).graph)) == []


def test_the_command_line_needs_no_graph(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.put("towns.csv", content())
    done = place.run("train", "towns.csv", "--target", "y", "--epochs", 20, "--out", "model.json")
    assert done.returncode == 0, done.stderr
    model = engine.load(tmp_path / "model.json")
    assert len(model.plan.voices) == 8
    training = json.loads((tmp_path / "model.json").read_bytes())["training"]
    assert (training["settings"]["turns"], training["settings"]["epochs"]) == (True, 20)
    assert "60 rows held out" in done.stdout


def test_the_command_line_takes_the_supposed_target_and_says_so(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.put("towns.csv", content())
    done = place.run("train", "towns.csv", "--epochs", 1)
    assert (done.returncode, "Estimates 'y'." in done.stderr) == (0, True)


def test_nobody_learns_from_numbers_of_rows(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.put("numbered.csv", numbered())
    done = place.run("train", "numbered.csv", "--target", "y", "--epochs", 1, "--out", "model.json")
    assert done.returncode == 0, done.stderr
    assert [column.name for column in engine.load(tmp_path / "model.json").plan.preparation.columns] == ["size"]
