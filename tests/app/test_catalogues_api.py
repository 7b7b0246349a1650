"""What can be chosen: kinds of nodes, and settings of a training."""

from __future__ import annotations

from engine.fields import describe, schema
from engine.kind import FAMILIES, catalogue
from engine.training.settings import Settings
from tests.app.conftest import Server


def test_every_kind_is_described_in_the_order_of_the_palette(shared_server: Server) -> None:
    told = shared_server.client.get("/api/kinds").json()
    assert [kind["kind"] for kind in told["kinds"]] == list(catalogue())
    assert [(it["family"], it["title"]) for it in told["families"]] == list(FAMILIES.items())
    for kind in told["kinds"]:
        assert kind["title"] and kind["help"] and kind["feedback"]
        assert kind["family"] in FAMILIES
        assert {field["name"] for field in kind["settings"]["fields"]} == set(kind["settings"]["schema"]["properties"])


def test_every_setting_is_described_with_its_bounds(shared_server: Server) -> None:
    told = shared_server.client.get("/api/settings").json()
    assert told == {"fields": describe(Settings), "schema": schema(Settings)}
    epochs = next(field for field in told["fields"] if field["name"] == "epochs")
    assert (epochs["low"], epochs["auto"], epochs["default"]) == (1, True, "auto")
