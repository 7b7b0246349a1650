"""Wiring a graph: by mouse and by keyboard, with every edit undone and done again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, expect

from tests.app.conftest import Server
from tests.browser.bench import Bench, bench, graph_on, kept_graph
from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser

Edit = Callable[[Bench], None]


@pytest.fixture
def small(visit: Visit, server: Server) -> Bench:
    """A small team on a graph of the test's own."""
    return bench(visit(graph_on(server)))


def add_by_click(small: Bench) -> None:
    small.button("Add Linear").click()
    expect(small.node("Alex")).to_be_visible()


def add_by_drag(small: Bench) -> None:
    small.button("Add Average").drag_to(small.graph, target_position={"x": 120, "y": 40})
    expect(small.node("Average")).to_be_visible()


def add_by_keyboard(small: Bench) -> None:
    small.button("Add Linear").focus()
    small.page.keyboard.press("Enter")
    expect(small.node("Bo")).to_be_visible()


def wire_by_mouse(small: Bench) -> None:
    small.button("Tidy").click()
    small.graph.get_by_role("button", name="Fit View").click()
    small.draw("Project", "Bo")
    expect(small.wire("Project", "Bo")).to_be_attached()


def wire_by_keyboard(small: Bench) -> None:
    small.port("output of Bo").focus()
    small.page.keyboard.press("Enter")
    small.port("input of Loudest").focus()
    small.page.keyboard.press("Enter")
    expect(small.wire("Bo", "Loudest")).to_be_attached()


def move_by_mouse(small: Bench) -> None:
    before = place_of(small.node("Ely"))
    box = small.node("Ely").bounding_box()
    assert box
    x, y = box["x"] + 60, box["y"] + 12
    small.page.mouse.move(x, y)
    small.page.mouse.down()
    small.page.mouse.move(x + 12, y + 20, steps=4)
    small.page.mouse.up()
    assert place_of(small.node("Ely")) != before


def move_by_keyboard(small: Bench) -> None:
    before = place_of(small.node("Cost"))
    small.node("Cost").focus()
    small.page.keyboard.press("Enter")
    for _ in range(3):
        small.page.keyboard.press("ArrowDown")
    assert place_of(small.node("Cost")) != before


def rename(small: Bench) -> None:
    small.select("Dani")
    name = small.page.get_by_role("textbox", name="Name", exact=True)
    expect(name).to_have_value("Dani")
    name.fill("Daniela")
    name.press("Tab")
    expect(small.node("Daniela")).to_be_visible()


def set_width(small: Bench) -> None:
    small.select("Daniela")
    width = small.page.get_by_role("textbox", name="Width")
    width.fill("3")
    width.press("Tab")


def delete_wire(small: Bench) -> None:
    click_wire(small.wire("Project", "Ely"))
    small.page.keyboard.press("Delete")
    expect(small.wire("Project", "Ely")).to_have_count(0)


def delete_node(small: Bench) -> None:
    small.select("Loudest")
    small.page.keyboard.press("Delete")
    expect(small.node("Loudest")).to_have_count(0)
    expect(small.wire("Ely", "Loudest")).to_have_count(0)


def duplicate(small: Bench) -> None:
    small.select("Ely")
    small.page.keyboard.press("Control+d")
    expect(small.node("Ely 2")).to_be_visible()


def name_the_graph(small: Bench) -> None:
    small.page.get_by_role("textbox", name="Name of the graph").fill("Another team")
    small.page.keyboard.press("Enter")


EDITS: tuple[tuple[str, Edit], ...] = (
    ("Add Alex", add_by_click),
    ("Add Average", add_by_drag),
    ("Add Bo", add_by_keyboard),
    ("Wire Project to Bo", wire_by_mouse),
    ("Wire Bo to Loudest", wire_by_keyboard),
    ("Move Ely", move_by_mouse),
    ("Move Cost", move_by_keyboard),
    ("Rename to Daniela", rename),
    ("Change Daniela", set_width),
    ("Delete a wire", delete_wire),
    ("Delete Loudest", delete_node),
    ("Copy Ely 2", duplicate),
    ("Rename the graph", name_the_graph),
)


def test_every_edit_is_saved_undone_and_done_again(small: Bench, server: Server) -> None:
    path = path_of(small)
    undo, redo = small.button("Undo"), small.button("Redo")
    before = shape(kept_graph(server, path))
    names = []
    for name, edit in EDITS:
        edit(small)
        expect(undo).to_have_attribute("title", f"Undo: {name}")
        names += ["Tidy up", name] if edit is wire_by_mouse else [name]
    small.is_saved()
    after = shape(kept_graph(server, path))
    assert after["name"] == "Another team"
    for name in reversed(names):
        expect(undo).to_have_attribute("title", f"Undo: {name}")
        undo.click()
        expect(redo).to_have_attribute("title", f"Redo: {name}")
    expect(undo).to_be_disabled()
    small.is_saved()
    assert shape(kept_graph(server, path)) == before
    for _ in names:
        redo.click()
    expect(redo).to_be_disabled()
    small.is_saved()
    assert shape(kept_graph(server, path)) == after


def test_a_change_leaves_the_tab_open_that_one_looks_at(small: Bench) -> None:
    small.select("Dani")
    small.tab("Data").click()
    name_the_graph(small)
    small.is_saved()
    small.button("Undo").click()
    expect(small.button("Undo")).to_be_disabled()
    expect(small.tab("Data")).to_have_attribute("aria-selected", "true")
    small.node("Dani").get_by_text("Dani", exact=True).click()
    expect(small.tab("Node")).to_have_attribute("aria-selected", "true")


def test_looking_at_a_node_is_no_edit(small: Bench) -> None:
    for name in ("Dani", "Loudest", "Project"):
        small.select(name)
        expect(small.page.get_by_role("textbox", name="Name", exact=True)).to_have_value(name)
    expect(small.button("Undo")).to_be_disabled()
    small.is_saved()


def test_keys_undo_and_redo(small: Bench) -> None:
    add_by_click(small)
    small.page.keyboard.press("Control+z")
    expect(small.node("Alex")).to_have_count(0)
    small.page.keyboard.press("Control+Shift+Z")
    expect(small.node("Alex")).to_be_visible()


def test_keys_that_are_typed_into_a_field_edit_the_field(small: Bench) -> None:
    add_by_click(small)
    small.select("Dani")
    name = small.page.get_by_role("textbox", name="Name", exact=True)
    name.fill("Fay")
    name.press("Backspace")
    name.press("Control+z")
    expect(name).not_to_have_value("Fa")
    expect(small.nodes).to_have_count(6)
    expect(small.button("Undo")).to_have_attribute("title", "Undo: Add Alex")


def test_undo_in_a_field_that_was_left_or_taken_over_undoes_the_edit_of_the_graph(small: Bench) -> None:
    rename(small)
    small.page.keyboard.press("Control+z")
    expect(small.node("Dani")).to_be_visible()
    expect(small.page.get_by_role("textbox", name="Name", exact=True)).to_have_value("Dani")
    expect(small.page.get_by_role("textbox", name="Width")).to_be_focused()
    small.page.keyboard.press("Control+y")
    expect(small.node("Daniela")).to_be_visible()
    title = small.page.get_by_role("textbox", name="Name of the graph")
    title.fill("Another team")
    title.press("Enter")
    title.press("Control+z")
    expect(title).to_have_value("Small team")
    expect(small.button("Undo")).to_have_attribute("title", "Undo: Rename to Daniela")


def test_undo_waits_for_what_was_typed_just_before(small: Bench) -> None:
    add_by_click(small)
    small.select("Dani")
    small.page.route("**/workbench/node", lambda route: None)
    name = small.page.get_by_role("textbox", name="Name", exact=True)
    name.fill("Daniela")
    name.press("Tab")
    small.page.keyboard.press("Control+z")
    small.page.unroute("**/workbench/node")
    expect(small.button("Redo")).to_have_attribute("title", "Redo: Rename to Daniela")
    expect(small.node("Dani")).to_be_visible()
    expect(small.node("Alex")).to_be_visible()


def test_several_nodes_are_selected_and_deleted_together(small: Bench) -> None:
    small.select("Dani")
    small.node("Ely").click(modifiers=["Shift"])
    small.page.keyboard.press("Delete")
    expect(small.nodes).to_have_count(3)
    expect(small.wires).to_have_count(1)
    small.button("Undo").click()
    expect(small.nodes).to_have_count(5)
    expect(small.wires).to_have_count(5)


def test_all_is_selected_copied_and_pasted(small: Bench) -> None:
    small.select("Dani")
    for keys in ("Control+a", "Control+c", "Control+v"):
        small.page.keyboard.press(keys)
    expect(small.nodes).to_have_count(10)
    expect(small.wires).to_have_count(10)
    expect(small.wire("Dani 2", "Loudest 2")).to_be_attached()


@pytest.mark.parametrize(
    ("source", "target", "words"),
    [
        ("Loudest", "Dani", "round in a circle"),
        ("Dani", "Loudest", "such a wire already"),
    ],
)
def test_a_wire_that_cannot_be_is_not_laid_and_the_reason_is_said(
    small: Bench, source: str, target: str, words: str
) -> None:
    small.draw(source, target)
    expect(small.page.get_by_role("status").filter(has_text=words)).to_be_attached()
    note = small.page.locator("#canvas-note")
    expect(note).to_be_visible()
    expect(note).to_contain_text(words)
    small.page.keyboard.press("Escape")
    expect(note).to_be_hidden()
    small.port(f"output of {source}").press("Enter")
    small.port(f"input of {target}").press("Enter")
    expect(note).to_be_visible()
    small.page.mouse.click(5, 5)
    expect(note).to_be_hidden()
    expect(small.wires).to_have_count(5)
    expect(small.button("Undo")).to_be_disabled()


def test_problems_stand_at_the_node_and_the_wire_that_they_belong_to(small: Bench) -> None:
    expect(small.graph.locator("[data-problem=true]")).to_have_count(0)
    click_wire(small.wire("Dani", "Loudest"))
    small.page.keyboard.press("Delete")
    loudest = small.node("Loudest")
    expect(loudest.locator("[data-problem=true]")).to_have_count(1)
    expect(loudest).to_contain_text("Node 'Loudest' has one wire in; it needs two.")
    mend = small.page.get_by_role("button", name="Node 'Loudest' has one wire in")
    small.page.get_by_text("to mend").click()
    mend.click()
    expect(small.page.get_by_role("textbox", name="Name", exact=True)).to_have_value("Loudest")
    small.draw("Dani", "Loudest")
    expect(small.graph.locator("[data-problem=true]")).to_have_count(0)
    expect(small.page.get_by_text("to mend")).to_be_hidden()


def test_a_wire_that_does_not_fit_shows_it(small: Bench) -> None:
    small.select("Dani")
    width = small.page.get_by_role("textbox", name="Width")
    width.fill("2")
    width.press("Tab")
    expect(small.graph.locator("[data-problem=true]")).not_to_have_count(0)
    marked = small.graph.locator("[data-wire] [data-problem=true], [data-node] [data-problem=true]")
    expect(marked.first).to_be_attached()


def click_wire(wire: Locator) -> None:
    """The middle of the line itself; that of its box may be empty."""
    middle = wire.locator(".wire-reach").evaluate(
        """path => {
          const at = path.getPointAtLength(path.getTotalLength() / 2).matrixTransform(path.getScreenCTM());
          return [at.x, at.y];
        }"""
    )
    wire.page.mouse.click(*middle)


def place_of(node: Locator) -> Any:
    return node.evaluate("element => element.style.transform")


def path_of(small: Bench) -> str:
    return urlsplit(small.page.url).path


def shape(graph: dict[str, Any]) -> dict[str, Any]:
    """A graph in an order of its own, so that equal graphs are equal."""
    wires = sorted((wire["source"], wire["target"], wire.get("target_port") or "") for wire in graph["wires"])
    return {"name": graph["name"], "nodes": {node["id"]: node for node in graph["nodes"]}, "wires": wires}
