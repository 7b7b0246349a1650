"""Autosave: nothing is lost, and no window writes over another in silence."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.app.conftest import Server
from tests.browser.bench import Bench, bench, graph_on, kept_graph
from tests.browser.conftest import Visit, Watch
from tests.browser.line import line_to

pytestmark = pytest.mark.browser


def names(server: Server, path: str) -> set[str]:
    return {node["name"] for node in kept_graph(server, path)["nodes"]}


@pytest.fixture
def conflict(visit: Visit, server: Server, watch: Watch) -> tuple[str, Bench, Bench]:
    """A graph that two windows changed: the first has saved, the second was told."""
    watch.expect("412")
    path = graph_on(server)
    first, second = bench(visit(path)), bench(visit(path))
    first.button("Add Linear").click()
    first.is_saved()
    second.button("Add Average").click()
    expect(second.page.get_by_role("alert")).to_contain_text("changed in another window")
    assert "Alex" in names(server, path) and "Average" not in names(server, path)
    return path, first, second


def test_the_other_version_can_be_taken_and_mine_brought_back(
    conflict: tuple[str, Bench, Bench], server: Server
) -> None:
    path, _, second = conflict
    second.button("Take the other version").click()
    expect(second.node("Alex")).to_be_visible()
    expect(second.node("Average")).to_have_count(0)
    expect(second.page.get_by_role("alert")).to_have_count(0)
    second.button("Undo").click()
    expect(second.node("Average")).to_be_visible()
    second.is_saved()
    assert "Average" in names(server, path)


def test_mine_can_be_kept_and_the_other_window_is_told_in_turn(
    conflict: tuple[str, Bench, Bench], server: Server
) -> None:
    path, first, second = conflict
    second.button("Keep mine").click()
    second.is_saved()
    assert "Average" in names(server, path) and "Alex" not in names(server, path)
    first.button("Add Minimum").click()
    expect(first.page.get_by_role("alert")).to_contain_text("changed in another window")


def test_a_graph_that_is_not_saved_is_not_trained(conflict: tuple[str, Bench, Bench], server: Server) -> None:
    _, _, second = conflict
    second.button("Undo").click()
    second.button("Train").click()
    expect(second.page.get_by_role("alert").filter(has_text="not saved")).to_be_visible()
    expect(second.state).to_have_text("Not trained yet")


def test_a_page_that_is_left_at_once_saves_what_was_done_last(visit: Visit, server: Server) -> None:
    path = graph_on(server)
    small = bench(visit(path))
    small.button("Add Linear").click()
    expect(small.node("Alex")).to_be_visible()
    small.page.goto("/graphs")
    small.page.goto(path)
    expect(bench(small.page).node("Alex")).to_be_visible()


def test_what_is_done_without_a_line_is_saved_when_it_is_back(visit: Visit, server: Server, watch: Watch) -> None:
    watch.expect("ERR_|Failed to fetch")
    with line_to(server.port) as line:
        path = graph_on(server)
        small = bench(visit(path, proxy=line.options))
        line.cut()
        small.button("Add Linear").click()
        expect(small.page.get_by_role("alert")).to_contain_text("cannot be reached")
        small.button("Add Average").click()
        line.mend()
        small.is_saved()
        expect(small.page.get_by_role("alert")).to_have_count(0)
        assert {"Alex", "Average"} <= names(server, path)
        small.page.context.close()
