"""With the keyboard alone: from the start page to a team of one's own that is trained and downloaded."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.app.conftest import Server
from tests.browser.bench import bench, graph_on
from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser

MOST_TABS = 120
COLUMNS, COMBINATOR, NEW = "Columns", "Loudest", "Ely"
HAS_THE_FOCUS = "element => element === document.activeElement"
SHOWS_IT = """element => {
  const { outlineStyle, boxShadow } = getComputedStyle(element);
  return outlineStyle !== 'none' || boxShadow !== 'none';
}"""


@dataclass
class Keys:
    """Somebody without a mouse."""

    page: Page

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def go_to(self, wanted: Locator) -> None:
        """Press Tab until the focus is there, and can be seen to be."""
        wanted.wait_for()
        for _ in range(MOST_TABS):
            self.press("Tab")
            if wanted.evaluate(HAS_THE_FOCUS):
                assert wanted.evaluate(SHOWS_IT), f"Nothing shows that {wanted} has the focus."
                return
        raise AssertionError(f"Tab never leads to {wanted}.")

    def choose(self, wanted: Locator) -> None:
        self.go_to(wanted)
        self.press("Enter")

    def download(self) -> Any:
        self.go_to(self.page.get_by_role("link", name="Download JSON"))
        with self.page.expect_download() as started:
            self.press("Enter")
        return json.loads(started.value.path().read_text())


def test_the_example_is_trained_and_taken_away(visit: Visit) -> None:
    page = visit("/")
    keys, start = Keys(page), bench(page)
    keys.go_to(page.get_by_role("combobox", name="Speed"))
    keys.press("End")
    keys.choose(start.button("Train"))
    start.is_done()
    assert set(keys.download()["parameters"]) == {"alex", "bo", "dani", "ely"}


def test_a_team_is_wired_trained_kept_and_taken_away(visit: Visit) -> None:
    page = visit("/")
    keys = Keys(page)
    keys.choose(page.get_by_role("link", name="Graphs"))
    keys.choose(page.get_by_role("button", name="New graph"))
    page.wait_for_url("**/graphs/*")
    wired = bench(page)
    keys.press("Control+Enter")
    table = page.get_by_role("combobox", name="Table")
    expect(table).to_be_focused()
    page.keyboard.type("Calif")
    expect(page.get_by_role("combobox", name="Target")).to_have_value("Cost ($m)")
    keys.choose(page.get_by_role("button", name="Fit View"))
    keys.press("/")
    page.keyboard.type("linear")
    keys.press("Enter", "Escape")
    expect(wired.node(NEW)).to_be_visible()
    keys.choose(wired.port(f"output of {COLUMNS}"))
    keys.choose(wired.port(f"input of {NEW}"))
    keys.choose(wired.port(f"output of {NEW}"))
    keys.choose(wired.port(f"input of {COMBINATOR}"))
    for ends in ((COLUMNS, NEW), (NEW, COMBINATOR)):
        expect(wired.wire(*ends)).to_be_attached()
    keys.choose(wired.node(NEW))
    keys.press("ArrowDown", "Delete")
    expect(wired.node(NEW)).to_have_count(0)
    keys.press("Control+z")
    expect(wired.node(NEW)).to_be_visible()
    wired.is_saved()
    keys.press("Control+Enter")
    wired.is_done()
    keys.choose(wired.button("Keep this model"))
    page.wait_for_url("**/models/*")
    assert keys.download()["graph"]["nodes"][-1]["name"] == NEW


def test_wires_stand_in_nobodys_way_and_are_reached_from_their_nodes(visit: Visit, server: Server) -> None:
    small = bench(visit(graph_on(server)))
    keys = Keys(small.page)
    small.page.keyboard.press("w")
    note = small.page.locator("#canvas-note")
    expect(note).to_be_visible()
    expect(note).to_contain_text("Select a node that is wired up first")
    expect(small.page.locator(".react-flow__edge[tabindex]")).to_have_count(0)
    keys.choose(small.node("Ely"))
    wires = [small.wire("Ely", "Loudest"), small.wire("Project", "Ely")]
    expect(small.page.locator(".react-flow__edge[tabindex]")).to_have_count(len(wires))
    seen = []
    for _ in wires:
        keys.press("w")
        seen += [wire.get_attribute("data-wire") for wire in wires if wire.evaluate(HAS_THE_FOCUS)]
    assert len(set(seen)) == len(wires)
    keys.press("Enter", "Delete")
    expect(small.page.locator(f"[data-wire='{seen[-1]}']")).to_have_count(0)
    expect(small.page.locator(f"[data-wire='{seen[0]}']")).to_be_attached()


def test_escape_leads_from_the_palette_to_the_node_that_was_added(visit: Visit, server: Server) -> None:
    small = bench(visit(graph_on(server)))
    keys = Keys(small.page)
    keys.press("/")
    small.page.keyboard.type("linear")
    keys.press("Enter")
    expect(small.page.get_by_role("textbox", name="Name", exact=True)).to_have_value("Alex")
    keys.press("Escape", "Escape")
    expect(small.node("Alex")).to_be_focused()
    keys.press("Tab")
    expect(small.port("input of Alex")).to_be_focused()


def test_a_key_leads_from_a_node_to_its_name_and_escape_back(visit: Visit, server: Server) -> None:
    small = bench(visit(graph_on(server)))
    keys = Keys(small.page)
    keys.press("F2")
    expect(small.page.locator("#canvas-note")).to_contain_text("Select one node first")
    keys.choose(small.node("Dani"))
    keys.press("F2")
    name = small.page.get_by_role("textbox", name="Name", exact=True)
    expect(name).to_be_focused()
    small.page.keyboard.type("Nobody")
    keys.press("Escape")
    expect(small.node("Dani")).to_be_focused()
    expect(name).to_have_value("Dani")
    small.tab("Guide").click()
    small.node("Dani").focus()
    keys.press("F2")
    expect(name).to_be_focused()
    small.page.keyboard.type("Fay")
    keys.press("Enter", "Escape")
    expect(small.node("Fay")).to_be_focused()
    expect(small.button("Undo")).to_have_attribute("title", "Undo: Rename to Fay")
    keys.press("Control+z")
    expect(small.node("Dani")).to_be_focused()
    expect(small.button("Undo")).to_be_disabled()
