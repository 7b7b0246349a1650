"""Runs that are not begun, and changes that are not made: each is refused in words before anything is written down."""

from __future__ import annotations

from typing import Any

import pytest

from tests.app.conftest import Server
from tests.app.runs.support import add_table, asked, refusal
from tests.engine.graphs import CALIFORNIA


@pytest.mark.parametrize(("more", "status", "code", "field"), [
    ({"graph": "nothing"}, 404, "graph-missing", None),
    ({"graph": "No Id!"}, 404, "graph-missing", None),
    ({"graph": {"format": "something"}}, 422, "graph", None),
    ({"graph": {**CALIFORNIA, "wires": []}}, 422, "graph", None),
    ({"target": "Price"}, 422, "graph", None),
    ({"target": None}, 422, "graph", None),
    ({"table": "nothing"}, 404, "table-missing", None),
    ({"table": "../projects"}, 404, "table-missing", None),
    ({"settings": {"epochs": 0}}, 422, "settings", "epochs"),
    ({"settings": {"epoch": 5}}, 422, "settings", "epoch"),
    ({"settings": {"learning_rate": "fast"}}, 422, "settings", "learning_rate"),
    ({"pace": 5}, 422, "settings", "pace"),
    ({"pace": {"seconds": -1}}, 422, "settings", "pace"),
    ({"settings": []}, 422, "validation", "settings"),
    ({"table": 5}, 422, "validation", "table"),
    ({"colour": "red"}, 422, "validation", "colour"),
])  # fmt: skip
def test_what_cannot_be_trained_is_refused(
    shared_trainer: Server, more: dict[str, Any], status: int, code: str, field: str | None
) -> None:
    before = shared_trainer.client.get("/api/runs").json()
    answer = shared_trainer.client.post("/api/runs", json=asked(**more))
    assert refusal(answer)[:2] == (status, code), answer.text
    if status == 422:
        problem = answer.json()["problems"][0]
        assert problem["message"]
        assert problem.get("field") == field
    assert shared_trainer.client.get("/api/runs").json() == before


def test_rows_without_a_target_are_refused_before_anything_starts(shared_trainer: Server) -> None:
    add_table(shared_trainer.data_dir, {"a": [1.0, 2.0], "y": [float("nan")] * 2}, "empty")
    answer = shared_trainer.client.post("/api/runs", json=asked(table="empty", target="y"))
    assert refusal(answer)[0] == 422
    assert "y" in refusal(answer)[2]


@pytest.mark.parametrize(("loss", "values", "said"), [
    ("poisson", [1.0, 2.0, -3.0, 4.0], "below zero"),
    ("logistic", [0.0, 1.0, 2.0, 1.0], "other numbers than 0 and 1"),
    ("cross_entropy", [0.0, 1.0, 2.0, 1.0], "holds numbers"),
    ("auto", [1e308, -1e308, 1e308, -1e308], "Choose another target"),
])  # fmt: skip
def test_a_loss_that_does_not_suit_the_target_is_refused_before_anything_starts(
    shared_trainer: Server, loss: str, values: list[float], said: str
) -> None:
    add_table(shared_trainer.data_dir, {"a": [1.0, 2.0, 3.0, 4.0], "y": values}, f"odd-{loss}")
    answer = shared_trainer.client.post(
        "/api/runs", json=asked(table=f"odd-{loss}", target="y", settings={"loss": loss})
    )
    assert refusal(answer)[:2] == (422, "data")
    assert said in refusal(answer)[2]


@pytest.mark.parametrize("body", [
    {}, {"learning_rate": None}, {"learning_rate": "auto"}, {"learning_rate": -1}, {"learning_rate": 1e9},
    {"pace": "fast"}, {"epochs": 5}, [],
])  # fmt: skip
def test_a_change_that_makes_no_sense_is_refused(shared_trainer: Server, body: Any) -> None:
    assert refusal(shared_trainer.client.patch("/api/runs/nothing", json=body))[0] == 422
