"""What of a graph can be seen: all of it by Fit View, nobody behind anybody, none under what lies over the canvas."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.app.conftest import Server
from tests.browser.bench import GRAPH, Bench, bench, graph_on
from tests.browser.conftest import DESK, PHONE, Visit

pytestmark = pytest.mark.browser

NOBODY_LIES_ON_ANYBODY = """() => {
  const boxes = [...document.querySelectorAll('[data-node]')].map((node) => node.getBoundingClientRect());
  return boxes.every((one, place) => boxes.slice(place + 1).every((other) =>
    one.right <= other.left || other.right <= one.left || one.bottom <= other.top || other.bottom <= one.top));
}"""
COVERS_NONE_OF = """ids => {
  const cover = document.getElementById('problems').getBoundingClientRect();
  return ids.every((id) => {
    const node = document.querySelector(`[data-node="${id}"]`).getBoundingClientRect();
    return node.right <= cover.left || cover.right <= node.left || node.bottom <= cover.top || cover.bottom <= node.top;
  });
}"""
IS_NARROWER = "wide => document.querySelector('[data-node=dani]').getBoundingClientRect().width < wide"


@pytest.fixture
def small(visit: Visit, server: Server) -> Bench:
    """A small team on a graph of the test's own."""
    return bench(visit(graph_on(server)))


def test_zoom_and_fit(small: Bench) -> None:
    wide = width_of(small.node("Dani"))
    small.graph.get_by_role("button", name="Zoom Out").click()
    small.page.wait_for_function(IS_NARROWER, arg=wide)
    small.graph.get_by_role("button", name="Zoom In").click()
    box = small.graph.bounding_box()
    assert box
    small.page.mouse.move(box["x"] + 20, box["y"] + 20)
    small.page.mouse.down()
    small.page.mouse.move(box["x"] + 900, box["y"] + 20, steps=4)
    small.page.mouse.up()
    expect(small.node("Cost")).not_to_be_in_viewport()
    small.graph.get_by_role("button", name="Fit View").click()
    for name in ("Project", "Dani", "Ely", "Loudest", "Cost"):
        expect(small.node(name)).to_be_in_viewport(ratio=0.99)


def test_all_of_a_very_wide_graph_can_be_seen(visit: Visit, server: Server) -> None:
    nodes = [
        node | {"position": {"x": place * 6000, "y": place % 2 * 9000}} for place, node in enumerate(GRAPH["nodes"])
    ]
    wide = bench(visit(graph_on(server, GRAPH | {"nodes": nodes})))
    wide.page.keyboard.press("Shift+f")
    box = wide.graph.bounding_box()
    assert box
    for node in wide.nodes.all():
        seen = node.bounding_box()
        assert seen
        assert seen["x"] >= box["x"] and seen["x"] + seen["width"] <= box["x"] + box["width"]


def test_the_overview_of_a_large_graph_leaves_a_small_screen_to_the_graph(visit: Visit, server: Server) -> None:
    more = [GRAPH["nodes"][1] | {"id": f"w{place}", "position": {"x": place * 260, "y": 400}} for place in range(30)]
    path = graph_on(server, GRAPH | {"nodes": [*GRAPH["nodes"], *more]})
    wide = bench(visit(path))
    overview = wide.graph.get_by_role("img", name="Overview of the graph")
    expect(overview).to_be_visible()
    wide.page.set_viewport_size({"width": 820, "height": 1180})
    expect(overview).to_be_hidden()


def test_tidying_lays_nobody_on_anybody(small: Bench) -> None:
    for _ in range(3):
        small.button("Add Linear").click()
    small.button("Tidy").click()
    expect(small.button("Undo")).to_have_attribute("title", "Undo: Tidy up")
    small.page.wait_for_function(NOBODY_LIES_ON_ANYBODY)


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_the_list_of_problems_covers_nobody_who_is_to_be_mended(
    visit: Visit, server: Server, size: tuple[int, int]
) -> None:
    alone = [GRAPH["nodes"][1] | {"id": f"w{place}", "name": f"W{place}"} for place in range(5)]
    column = [node | {"position": {"x": 260, "y": 300 + place * 150}} for place, node in enumerate(alone)]
    small = bench(visit(graph_on(server, GRAPH | {"nodes": [*GRAPH["nodes"], *column]}), size=size))
    problems = small.page.locator("#problems")
    problems.locator("summary").click()
    expect(small.graph.locator("[data-node] [data-problem=true]")).to_have_count(5)
    small.page.wait_for_function(COVERS_NONE_OF, arg=[node["id"] for node in column])
    listed, canvas = problems.bounding_box(), small.graph.bounding_box()
    assert listed and canvas
    assert listed["height"] <= 0.6 * canvas["height"]
    problems.get_by_role("button", name="Node 'W4' has no wires in").click()
    expect(small.page.get_by_role("textbox", name="Name", exact=True)).to_have_value("W4")
    expect(small.node("W4")).to_be_in_viewport(ratio=0.99)
    small.page.wait_for_function(COVERS_NONE_OF, arg=["w4"])


def width_of(node: Locator) -> float:
    box = node.bounding_box()
    assert box
    return box["width"]
