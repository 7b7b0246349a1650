"""The form of one node, as the page asks for it and sends it back."""

from __future__ import annotations

import json
import re

import pytest

from tests.app.conftest import Server
from tests.app.uploads import uploaded

TOWNS = "\n".join(["id,town,rooms,cost", *(f"{row},at {row} {row},{row % 5},{row % 7}" for row in range(1, 61))])


def test_unticking_all_leaves_what_it_stood_for(shared_server: Server) -> None:
    table = uploaded(shared_server, TOWNS)["id"]
    form = {"node": "in", "kind": "columns", "name": "Columns", "table": table, "target": "cost", "submitted": "true"}
    answer = shared_server.client.post("/workbench/node", data=form)
    assert answer.status_code == 200, answer.text
    changed = json.loads(answer.headers["hx-trigger"])["node:changed"]["node"]
    assert changed["settings"] == {"columns": ["rooms"]}
    assert all(f'value="{name}"' in answer.text for name in ("id", "town", "rooms"))
    assert "> cost<" not in answer.text
    answer = shared_server.client.post("/workbench/node", data=form | {"setting-columns": ["rooms", "cost"]})
    assert "cost (the target)" in answer.text  # so that it can be left out again


@pytest.mark.parametrize(
    ("sent", "shown"), [("2.0", "2"), ("0.50", "0.5"), ("inf", "inf"), ("1e400", "inf"), ("nan", "nan")]
)
def test_numbers_are_shown_as_people_write_them(shared_server: Server, sent: str, shown: str) -> None:
    form = {"node": "a", "kind": "linear", "name": "A", "setting-speed": sent, "submitted": "true"}
    answer = shared_server.client.post("/workbench/node", data=form)
    assert answer.status_code == 200, answer.text
    assert re.search(rf'name="setting-speed" value="{re.escape(shown)}"', answer.text), answer.text
