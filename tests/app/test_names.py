"""What things are called: no two alike where nobody asked for it."""

from __future__ import annotations

import pytest

from app.names import LONGEST, apart
from tests.app.conftest import Server


@pytest.mark.parametrize(
    ("name", "taken", "told"),
    [
        ("Sales", [], "Sales"),
        ("Sales", ["sales", "Sales (2)"], "Sales"),
        ("Sales", ["Sales"], "Sales (2)"),
        ("Sales", ["Sales", "Sales (2)", "Sales (4)"], "Sales (3)"),
        ("Sales (2)", ["Sales (2)"], "Sales (2) (2)"),
    ],
)
def test_a_name_that_is_taken_gets_a_number(name: str, taken: list[str], told: str) -> None:
    assert apart(name, taken) == told


def test_a_number_makes_no_name_too_long() -> None:
    name = "a" * LONGEST
    assert len(apart(name, [name])) <= LONGEST


def test_a_file_that_is_uploaded_again_makes_a_table_of_another_name(shared_server: Server) -> None:
    def uploaded(**more: str) -> str:
        file = ("twice and again.csv", "a,b\n1,2\n3,4\n")
        return str(shared_server.client.post("/api/tables", files={"file": file}, data=more).json()["name"])

    assert [uploaded(), uploaded()] == ["twice and again", "twice and again (2)"]
    assert uploaded(name="twice and again") == "twice and again"


def test_new_graphs_and_copies_have_names_of_their_own(shared_server: Server) -> None:
    client = shared_server.client

    def begun(path: str) -> tuple[str, str]:
        place = client.post(path).headers["location"]
        graph = client.get(f"/api{place}").json()
        return place, graph["name"]

    (first, _), (_, second) = begun("/graphs"), begun("/graphs")
    assert second.startswith("A new team (")
    copies = [begun(f"{first}/copy")[1] for _ in range(2)]
    assert len({second, *copies}) == 3
