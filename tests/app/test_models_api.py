"""Models over HTTP: the same bits in and out, estimates as the engine makes them, and refusals in words."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import httpx
import orjson
import pytest

from app.exports import formats
from engine.formula import formulas
from tests.app.conftest import Server
from tests.app.model_documents import as_document, document, model, model_of_classes

ROWS: list[dict[str, Any]] = [
    {"California": 0, "Renewables": 1},
    {"California": 0.1, "Renewables": -3.7e-5},
    {"California": "0.3"},
    {"California": True, "Renewables": None},
    {},
]


def imported(server: Server, told: dict[str, Any], query: str = "") -> dict[str, Any]:
    answer = server.client.post(f"/api/models{query}", json=told)
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"] == f"/api/models/{answer.json()['id']}"
    made: dict[str, Any] = answer.json()
    return made


@pytest.fixture(scope="module")
def ids(shared_server: Server) -> dict[bool, str]:
    """A model of two estimates and one of a single estimate."""
    return {several: imported(shared_server, document(several))["id"] for several in (True, False)}


def test_a_model_comes_in_with_its_checks_worked_out_again(shared_server: Server) -> None:
    made = imported(shared_server, document())
    assert made["checks"] == {"passed": 4, "of": 4}
    assert made["name"] == "California"
    assert made.keys() == {"id", "name", "created", "checks"}
    wrong = document()
    wrong["checks"][1]["estimate"]["calm"] += 0.001
    wrong["checks"][2]["estimate"] = "seven"
    wrong["checks"][3]["row"] = {"California": "many"}
    assert imported(shared_server, wrong)["checks"] == {"passed": 1, "of": 4}


@pytest.mark.parametrize("several", [True, False])
def test_it_comes_out_as_it_went_in(shared_server: Server, several: bool) -> None:
    first = shared_server.client.get(f"/api/models/{imported(shared_server, document(several))['id']}")
    assert first.headers["content-type"] == "application/json"
    assert first.json() == document(several)
    assert first.content == orjson.dumps(document(several))
    again = imported(shared_server, first.json())["id"]
    for address in (f"/api/models/{again}", f"/api/models/{again}", f"/api/models/{again}/export/json"):
        assert shared_server.client.get(address).content == first.content


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda told: told.update(format="pickle"), 'does not say "format"'),
        (lambda told: told.update(version=2), "not of version 1"),
        (lambda told: told.update(code="import os"), "unknown field 'code'"),
        (lambda told: told["parameters"].pop("dani"), "do not fit its graph"),
        (lambda told: told["parameters"]["dani"].update(bias=[None]), "no finite number"),
        (lambda told: told["graph"]["nodes"].pop(), "graph cannot work"),
        (lambda told: told["columns"][0].update(path="/etc/passwd"), "not readable"),
        (lambda told: told["target"].update(scales=[]), "how its target"),
        (lambda told: told["training"].update(seed=10**30), "too large"),
    ],
)
def test_what_is_no_model_is_refused(
    shared_server: Server, change: Callable[[dict[str, Any]], object], words: str
) -> None:
    told = document()
    change(told)
    before = shared_server.client.get("/api/models").json()
    answer = shared_server.client.post("/api/models", json=told)
    assert (answer.status_code, answer.json()["code"]) == (422, "model-refused")
    assert words in answer.json()["detail"]
    assert shared_server.client.get("/api/models").json() == before


def test_a_model_has_ten_megabytes(shared_server: Server) -> None:
    told = document() | {"training": {"table": "x" * 3_000_000}}
    assert imported(shared_server, told)["checks"]["passed"] == 4
    told["training"]["table"] *= 4
    assert shared_server.client.post("/api/models", json=told).status_code == 413


def test_models_are_listed_renamed_and_deleted(server: Server) -> None:
    first, second = imported(server, document())["id"], imported(server, document(), "?name=Second%20one")["id"]
    listed = server.client.get("/api/models").json()["models"]
    assert [(head["id"], head["name"], head["run"]) for head in listed] == [
        (second, "Second one", None),
        (first, "California", None),
    ]
    before = server.client.get(f"/api/models/{first}").content
    assert server.client.patch(f"/api/models/{first}", json={"name": " Best "}).json()["name"] == "Best"
    assert server.client.get(f"/api/models/{first}").content == before
    assert server.client.patch(f"/api/models/{first}", json={"name": ""}).status_code == 422
    assert server.client.post(f"/api/models/{first}/predict", json={"rows": [{}]}).status_code == 200
    assert server.client.delete(f"/api/models/{first}").status_code == 204
    calls = (("GET", ""), ("PATCH", ""), ("DELETE", ""), ("GET", "/export/json"), ("GET", "/formulas"))
    for method, path in (*calls, ("POST", "/predict"), ("POST", "/explain")):
        bodies: dict[str, Any] = {"PATCH": {"name": "x"}, "/predict": {"rows": []}, "/explain": {"row": {}}}
        body = bodies.get(path) or bodies.get(method)
        answer = server.client.request(method, f"/api/models/{first}{path}", json=body)
        assert (answer.status_code, answer.json()["code"]) == (404, "model-missing")
    server.restart()
    assert server.client.get(f"/api/models/{second}").content == before
    assert server.client.post(f"/api/models/{second}/predict", json={"rows": ROWS}).json()["estimates"] == (
        model().predict(ROWS)
    )


@pytest.mark.parametrize("several", [True, False])
def test_estimates_are_the_engines_to_the_last_bit(shared_server: Server, ids: dict[bool, str], several: bool) -> None:
    answer = predict(shared_server, ids[several], ROWS)
    assert answer.json() == {"estimates": model(several).predict(ROWS), "ignored": []}
    assert isinstance(answer.json()["estimates"][0], dict if several else float)
    assert predict(shared_server, ids[several], []).json()["estimates"] == []


@pytest.mark.parametrize("classes", [2, 3])
def test_classes_are_told_with_the_chances_of_all(shared_server: Server, classes: int) -> None:
    made = model_of_classes(classes)
    answer = imported(shared_server, as_document(made))
    assert answer["checks"] == {"passed": 10, "of": 10}
    id, rows = answer["id"], [{"x": 0.1}, {"x": 0.9}, {}]
    estimates = predict(shared_server, id, rows).json()["estimates"]
    assert estimates == made.predict(rows)
    assert [one["chances"].keys() for one in estimates] == [set("abc"[:classes])] * 3
    told = shared_server.client.post(f"/api/models/{id}/explain", json={"row": rows[1]}).json()
    assert told["estimate"] == estimates[1]
    assert told["of"] == (estimates[1]["value"] if classes == 3 else "b")
    assert told["base"] + told["contributions"]["x"] == pytest.approx(told["score"], abs=1e-12)


def predict(server: Server, id: str, rows: object) -> httpx.Response:
    return server.client.post(f"/api/models/{id}/predict", json={"rows": rows})


def test_columns_that_the_model_does_not_know_are_named(shared_server: Server, ids: dict[bool, str]) -> None:
    answer = predict(shared_server, ids[True], [{"california": 1, "Cost": 5}, {"Renewables": 1, "Wind": 2}])
    assert answer.json()["ignored"] == ["Wind", "california"]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([{}, {"California": "many"}], "Row 2: Column 'California' wants a number; 'many' is not."),
        ([{"California": [1]}], "Row 1, column 'California': a list or an object is no value"),
        ([{}, {}, {"Wind": {}}], "Row 3, column 'Wind'"),
        ([{}, {"California": 1e308, "Renewables": -1e308}], "Row 2 holds numbers that are too large"),
    ],
)
def test_a_row_that_does_not_fit_is_named(
    shared_server: Server, ids: dict[bool, str], rows: list[Any], words: str
) -> None:
    if "too large" in words:
        told = document()
        told["parameters"]["dani"]["weights"][0] = [1e300, -1e300]
        id = imported(shared_server, told)["id"]
    else:
        id = ids[True]
    answer = predict(shared_server, id, rows)
    assert (answer.status_code, answer.json()["code"]) == (422, "row-refused")
    assert words in answer.json()["detail"]


@pytest.mark.parametrize("body", [{}, {"rows": 7}, {"rows": [7]}, {"rows": [], "model": "x"}, {"rows": [{}] * 10_001}])
def test_rows_are_a_list_of_at_most_ten_thousand(
    shared_server: Server, ids: dict[bool, str], body: dict[str, Any]
) -> None:
    answer = shared_server.client.post(f"/api/models/{ids[True]}/predict", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "validation")


def test_ten_thousand_rows_are_estimated_at_once(shared_server: Server, ids: dict[bool, str]) -> None:
    rows = [{"California": number / 7, "Renewables": number % 2} for number in range(10_000)]
    assert predict(shared_server, ids[False], rows).json()["estimates"] == model(several=False).predict(rows)


def test_reasons_add_up_to_the_estimate(shared_server: Server, ids: dict[bool, str]) -> None:
    address = f"/api/models/{ids[True]}/explain"
    for row in ROWS:
        for estimate in (None, "bold", "calm"):
            told = shared_server.client.post(address, json={"row": row, "estimate": estimate}).json()
            assert told == {**model().explain(row, estimate), "ignored": []}
            assert told["base"] + sum(told["contributions"].values()) == pytest.approx(told["estimate"], abs=1e-12)
    assert told["exact"] is True
    assert [step["node"] for step in told["path"]] == ["loudest"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"row": {"California": "x"}}, "wants a number"),
        ({"row": {"California": {}}}, "no value of a cell"),
        ({"row": {}, "estimate": "gone"}, "no estimate 'gone'. It has: calm, bold"),
        ({"rows": []}, "is missing"),
    ],
)
def test_what_cannot_be_explained_is_refused(
    shared_server: Server, ids: dict[bool, str], body: dict[str, Any], words: str
) -> None:
    answer = shared_server.client.post(f"/api/models/{ids[True]}/explain", json=body)
    assert answer.status_code == 422
    assert words in answer.json()["detail"]


def test_formulas_are_in_the_tables_units(shared_server: Server, ids: dict[bool, str]) -> None:
    told = shared_server.client.get(f"/api/models/{ids[True]}/formulas").json()
    assert told == json.loads(orjson.dumps(formulas(model())))
    assert told["dani"].keys() == {"intercept", "weights"}


@pytest.mark.parametrize(
    ("name", "plain", "told"),
    [
        ("California", "California.json", "California.json"),
        ("../../Größe: 1/2", "Gr-e-1-2.json", "Gr%C3%B6%C3%9Fe-%201-2.json"),
        ('a"b\\c;d=\u202e', "a-b-c-d.json", "a-b-c%3Bd%3D%E2%80%AE.json"),
        ("\u4eba", "backchannel.json", "%E4%BA%BA.json"),
    ],
)
def test_a_file_has_a_name_that_every_system_takes(
    shared_server: Server, ids: dict[bool, str], name: str, plain: str, told: str
) -> None:
    shared_server.client.patch(f"/api/models/{ids[False]}", json={"name": name})
    answer = shared_server.client.get(f"/api/models/{ids[False]}/export/json")
    assert answer.headers["content-disposition"] == f"attachment; filename=\"{plain}\"; filename*=UTF-8''{told}"


def test_the_page_of_a_model_hands_out_every_format(shared_server: Server, ids: dict[bool, str]) -> None:
    page = shared_server.client.get(f"/models/{ids[True]}").text
    links = [
        f'href="/api/models/{ids[True]}/export/{name}" download>Download {one.short}<'
        for name, one in formats().items()
    ]
    assert links
    assert all(link in page for link in links)


def test_a_format_that_there_is_not_names_those_that_there_are(shared_server: Server, ids: dict[bool, str]) -> None:
    for format in ("pickle", "JSON", "json.json"):
        answer = shared_server.client.get(f"/api/models/{ids[True]}/export/{format}")
        assert (answer.status_code, answer.json()["code"]) == (404, "format-missing")
        assert answer.json()["formats"] == list(formats())
        assert f"There is: {', '.join(formats())}." in answer.json()["detail"]


def test_the_same_document_in_other_words_is_the_same_model(shared_server: Server) -> None:
    told = document()
    shuffled = {name: copy.deepcopy(told[name]) for name in reversed(told)} | {"own_units": {}}
    text = json.dumps(shuffled, indent=3).encode()
    answer = shared_server.client.post("/api/models", content=text, headers={"Content-Type": "application/json"})
    assert shared_server.client.get(f"/api/models/{answer.json()['id']}").content == orjson.dumps(document())
