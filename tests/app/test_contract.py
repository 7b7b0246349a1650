"""What the outside may rely on: every call of the contract is there, and the documents name all of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from app.cli import commands
from tests.app.conftest import ROOT, Server

CONTRACT = """
GET /healthz
GET /api/kinds
POST /api/tables
GET /api/tables/{id}
GET /api/tables/{id}/rows
DELETE /api/tables/{id}
POST /api/graphs
GET /api/graphs/{id}
PUT /api/graphs/{id}
DELETE /api/graphs/{id}
POST /api/graphs/check
POST /api/models
GET /api/models/{id}/export/{format}
POST /api/models/{id}/predict
POST /api/models/{id}/explain
"""
FORMS = {"POST /api/tables"}


@pytest.fixture(scope="module")
def described(shared_server: Server) -> dict[str, Any]:
    """By call, what /openapi.json says of it."""
    paths = shared_server.client.get("/openapi.json").json()["paths"]
    return {f"{method.upper()} {path}": told for path, calls in paths.items() for method, told in calls.items()}


@pytest.mark.parametrize("call", CONTRACT.split("\n")[1:-1])
def test_a_call_of_the_contract_is_described(described: dict[str, Any], call: str) -> None:
    told = described[call]
    assert told["description"].endswith(".")
    if call.startswith(("POST", "PUT")):
        (type,) = told["requestBody"]["content"]
        assert type == ("multipart/form-data" if call in FORMS else "application/json")


def test_every_call_is_in_the_documents_and_every_one_in_the_documents_is_there(described: dict[str, Any]) -> None:
    assert set(_told_in("http.md")) == set(described)


def test_every_command_is_in_the_documents() -> None:
    text = (ROOT / "docs" / "cli.md").read_text()
    assert set(re.findall(r"^\| `backchannel (\w+)", text, re.MULTILINE)) == set(commands())


def _told_in(name: str) -> Iterator[str]:
    yield from re.findall(r"^\| `([A-Z]+ /\S+)`", (ROOT / "docs" / name).read_text(), re.MULTILINE)
