"""The panel of a node answers whether the node works as it must."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.app.conftest import Server
from tests.browser.bench import GRAPH, bench, graph_on
from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser


def select(page: Page, node: str) -> None:
    page.locator(f'[data-node="{node}"]').click()
    expect(page.get_by_role("button", name="Prove this node")).to_be_visible()


def test_a_node_is_proven_in_its_panel(visit: Visit, server: Server) -> None:
    page = visit(graph_on(server))
    bench(page)
    for node in ("dani", "max"):
        select(page, node)
        page.get_by_role("button", name="Prove this node").click()
        expect(page.locator("#node-proof")).to_contain_text("Proven: its feedback is what wiggling")
        page.get_by_role("button", name="Does order matter?").click()
        expect(page.locator("#node-proof")).to_contain_text("The order of rows does not matter")


def test_after_training_it_is_proven_with_what_it_has_learnt(visit: Visit, server: Server) -> None:
    page = visit(graph_on(server))
    bench(page)
    select(page, "dani")
    page.get_by_role("button", name="Prove this node").click()
    expect(page.locator("#node-proof")).to_contain_text("the numbers that it starts with")
    page.get_by_role("button", name="Train", exact=True).click()
    expect(page.locator("#run-state")).to_contain_text("Done after")
    page.get_by_role("button", name="Prove this node").click()
    expect(page.locator("#node-proof")).to_contain_text("the numbers that it has learnt")


def test_what_stands_in_the_way_is_said_in_the_same_place(visit: Visit, server: Server) -> None:
    page = visit(graph_on(server, {**GRAPH, "wires": GRAPH["wires"][:1]}))
    bench(page)
    select(page, "max")
    page.get_by_role("button", name="Prove this node").click()
    expect(page.locator("#node-proof")).to_contain_text("Node 'Loudest' cannot work yet")


def test_without_a_table_the_way_to_one_is_said(visit: Visit, server: Server) -> None:
    page = visit(graph_on(server, table=None, target=None))
    bench(page)
    select(page, "dani")
    page.get_by_role("button", name="Prove this node").click()
    expect(page.locator("#node-proof")).to_contain_text("Choose a table under Data first.")


def test_who_works_in_a_team_is_proven_there(visit: Visit, server: Server) -> None:
    small = bench(visit(graph_on(server)))
    small.select("Dani")
    for name in ("Ely", "Loudest"):
        small.node(name).get_by_text(name, exact=True).click(modifiers=["Shift"])
    small.button("Fold into a team").click()
    small.button("Open").click()
    small.is_saved()
    small.select("Ely")
    small.button("Prove this node").click()
    expect(small.page.locator("#node-proof")).to_contain_text("Proven: its feedback is what wiggling")


def test_the_panel_leads_to_the_handbook(visit: Visit, server: Server) -> None:
    page = visit(graph_on(server))
    select(page, "max")
    page.get_by_role("link", name="Maximum in the handbook").click()
    expect(page.get_by_role("heading", name="Maximum")).to_be_visible()
    page.get_by_role("link", name="Extreme").click()
    expect(page.get_by_role("heading", name="Extreme")).to_be_visible()
