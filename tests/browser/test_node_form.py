"""The form of a node: what is typed becomes a command, what is wrong is said at its field, what is open stays open."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, expect

from tests.app.conftest import Server
from tests.app.uploads import uploaded
from tests.browser.bench import GRAPH, Bench, bench, graph_on, kept_graph
from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser

FORMS = "**/workbench/node"
ROWS = (("East", "a", 1), ("East", "b", 2), ("East", "a", 3), ("North", "b", 4), ("North", "a", 5), ("West", "b", 6))


@pytest.fixture
def small(visit: Visit, server: Server) -> Bench:
    """A small team on a graph of the test's own."""
    return bench(visit(graph_on(server)))


def test_a_setting_that_cannot_be_is_said_at_its_field_and_changes_nothing(small: Bench, server: Server) -> None:
    small.select("Dani")
    width = small.page.get_by_role("textbox", name="Width")
    width.fill("many")
    width.press("Tab")
    expect(small.page.get_by_role("alert")).to_contain_text("Width cannot be “many”: write a whole number")
    expect(width).to_have_attribute("aria-invalid", "true")
    expect(small.button("Undo")).to_be_disabled()
    width.fill("1")
    width.press("Tab")
    expect(small.page.get_by_role("alert")).to_have_count(0)


def typed_while_an_answer_is_on_its_way(small: Bench) -> tuple[Locator, Locator]:
    """The fields of Dani's name and width, the second typed in before the first was answered."""
    small.select("Dani")
    small.page.route(FORMS, lambda route: None)
    name, width = (small.page.get_by_role("textbox", name=name, exact=True) for name in ("Name", "Width"))
    name.fill("Fay")
    name.press("Tab")
    width.press_sequentially("2")
    return name, width


def test_what_is_typed_while_an_answer_is_on_its_way_stays(small: Bench) -> None:
    _, width = typed_while_an_answer_is_on_its_way(small)
    with small.page.expect_response(FORMS):
        small.page.unroute(FORMS)
    expect(small.node("Fay")).to_be_visible()
    small.page.wait_for_load_state("networkidle")
    expect(width).to_be_focused()
    expect(width).to_have_value("2")
    width.press("Tab")
    expect(small.button("Undo")).to_have_attribute("title", "Undo: Change Fay")


def test_another_node_may_be_looked_at_while_an_answer_is_on_its_way(small: Bench, server: Server) -> None:
    name, width = typed_while_an_answer_is_on_its_way(small)
    small.node("Ely").get_by_text("Ely", exact=True).click()
    small.page.unroute(FORMS)
    expect(small.node("Fay")).to_be_visible()
    expect(name).to_have_value("Ely")
    expect(width).to_have_value("1")
    small.is_saved()
    kept = kept_graph(server, urlsplit(small.page.url).path)
    nodes = {node["id"]: node for node in kept["nodes"]}
    assert (nodes["dani"]["name"], nodes["dani"]["settings"]) == ("Fay", {"width": 2})
    assert (nodes["ely"]["name"], nodes["ely"]["settings"]) == ("Ely", {})


def test_more_settings_stay_open_and_keep_the_focus(small: Bench) -> None:
    small.select("Dani")
    panel = small.page.get_by_role("tabpanel")
    panel.get_by_text("More settings").click()
    bias = panel.get_by_role("checkbox", name="Bias")
    with small.page.expect_response(FORMS):
        bias.press("Space")
    expect(small.button("Undo")).to_have_attribute("title", "Undo: Change Dani")
    expect(bias).to_be_focused()
    speed = panel.get_by_role("textbox", name="Learning speed")
    speed.fill("0.5")
    with small.page.expect_response(FORMS):
        speed.press("Tab")
    expect(bias).to_be_focused()

    small.tab("Training").click()
    panel.get_by_text("More settings").click()
    panel.get_by_role("textbox", name="Patience").fill("3")
    with small.page.expect_response("**/training"):
        small.page.keyboard.press("Tab")
    small.page.wait_for_load_state("networkidle")
    expect(panel.get_by_role("textbox", name="Target loss")).to_be_focused()
    expect(panel.get_by_role("checkbox", name="Solve")).to_be_visible()


def test_a_form_goes_when_its_node_does(small: Bench) -> None:
    small.select("Dani")
    small.page.keyboard.press("Delete")
    expect(small.page.get_by_text("Select a node to see what it does")).to_be_visible()


def test_choosing_by_a_column_tells_which_value_goes_to_whom(visit: Visit, server: Server) -> None:
    lines = [
        ",".join(map(str, (row, region, size * 1.5, f"note {row} of {size}", size)))
        for row, (region, _, size) in enumerate(ROWS * 20, start=1)
    ]
    table = uploaded(server, "\n".join(["id,Region,Area,Note,Cost", *lines]))["id"]
    small = bench(visit(graph_on(server, choosing({"by": "column"}), table=table, target="Cost")))
    small.select("Loudest")
    column = small.page.get_by_role("combobox", name="Column")
    assert column.locator("option").all_inner_texts() == ["Choose a column", "Region", "Area", "id", "Note"]
    assert column.locator("optgroup option").all_inner_texts() == ["id", "Note"]
    column.select_option("Region")
    values = small.page.get_by_role("list", name="Values of Region").get_by_role("listitem")
    expect(values).to_have_text(["East→ Dani", "North→ Ely", "West→ Ely"])
    small.port("output of Project").press("Enter")
    small.port("input estimates of Loudest").press("Enter")
    expect(values).to_have_text(["East→ Dani", "North→ Ely", "West→ Project"])
    column.select_option("Area")
    expect(values).to_have_count(0)
    expect(small.page.get_by_text("In the order of the wires: Dani, then Ely, then Project.")).to_be_visible()


def choosing(settings: dict[str, Any]) -> dict[str, Any]:
    """The small team, with one who chooses in place of its maximum."""
    nodes = [
        node | ({"kind": "choose", "settings": settings} if node["id"] == "max" else {}) for node in GRAPH["nodes"]
    ]
    return GRAPH | {"nodes": nodes}
