"""Teams on the canvas: folded, opened, changed and trained from inside, unfolded; and models that work as nodes."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.app.conftest import Server
from tests.browser.bench import GRAPH, Bench, bench, graph_on, kept_graph, newest_run
from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser


@pytest.fixture
def path(server: Server) -> str:
    return graph_on(server)


@pytest.fixture
def small(visit: Visit, path: str) -> Bench:
    return bench(visit(path))


def fold(small: Bench, *names: str) -> None:
    first, *others = names
    small.select(first)
    for name in others:
        small.node(name).get_by_text(name, exact=True).click(modifiers=["Shift"])
    small.button("Fold into a team").click()


def wires(graph: dict[str, object]) -> list[str]:
    laid: list[dict[str, str]] = graph["wires"]  # type: ignore[assignment]
    return sorted(f"{wire['source']} {wire['target']}" for wire in laid)


def test_workers_are_folded_and_unfolded_and_every_step_is_undone(small: Bench, server: Server, path: str) -> None:
    before = kept_graph(server, path)
    fold(small, "Dani", "Ely", "Loudest")
    expect(small.nodes).to_have_count(3)
    expect(small.wire("Project", "Team")).to_be_attached()
    small.is_saved()
    assert wires(kept_graph(server, path)) == ["in team", "team out"]
    small.button("Unfold").click()
    expect(small.nodes).to_have_count(5)
    small.is_saved()
    assert wires(kept_graph(server, path)) == wires(before)
    small.button("Undo").click()
    expect(small.nodes).to_have_count(3)
    small.button("Undo").click()
    expect(small.nodes).to_have_count(5)


def test_what_cannot_be_a_team_is_refused_in_words(small: Bench) -> None:
    fold(small, "Dani", "Ely")
    expect(small.page.get_by_role("alert").filter(has_text="one result")).to_be_visible()
    expect(small.nodes).to_have_count(5)


def test_results_that_are_one_task_for_whoever_is_next_make_a_team(visit: Visit, server: Server) -> None:
    nodes = [{**node, "kind": "linear"} if node["id"] == "max" else node for node in GRAPH["nodes"]]
    small = bench(visit(graph_on(server, {**GRAPH, "nodes": nodes})))
    fold(small, "Dani", "Ely")
    expect(small.nodes).to_have_count(4)
    expect(small.wire("Team", "Loudest")).to_be_attached()
    small.train()
    small.is_done()
    assert newest_run(server, small)["state"] == "finished"


def test_an_open_team_is_changed_trained_and_left(small: Bench, server: Server, path: str) -> None:
    fold(small, "Dani", "Ely", "Loudest")
    small.button("Open").click()
    expect(small.node("Task")).to_be_visible()
    expect(small.page.locator('[data-node="team/dani"]')).to_be_visible()
    small.button("Add Result").wait_for()
    small.select("Dani")
    small.page.get_by_role("textbox", name="Name", exact=True).fill("Donna")
    small.page.keyboard.press("Tab")
    expect(small.node("Donna")).to_be_visible()
    small.train()
    expect(small.reading("team/dani", "result")).not_to_have_text("–")
    small.is_done()
    assert newest_run(server, small)["state"] == "finished"
    small.page.get_by_role("navigation", name="Where you are").get_by_role("button").click()
    expect(small.node("Team")).to_be_visible()
    expect(small.reading("team", "result")).not_to_have_text("–")
    inner = next(node for node in kept_graph(server, path)["nodes"] if node["id"] == "team")["settings"]["graph"]
    assert "Donna" in [node["name"] for node in inner["nodes"]]


def test_whoever_undoes_the_team_that_one_stands_in_stands_outside(small: Bench) -> None:
    fold(small, "Dani", "Ely", "Loudest")
    small.page.keyboard.press("o")
    expect(small.node("Task")).to_be_visible()
    small.page.keyboard.press("Control+z")
    expect(small.nodes).to_have_count(5)
    expect(small.page.get_by_role("navigation", name="Where you are")).to_be_hidden()


def test_task_and_result_are_offered_inside_of_teams_alone(small: Bench) -> None:
    expect(small.button("Add Result")).to_be_hidden()
    search = small.page.get_by_role("searchbox", name="Search the palette")
    search.fill("team_result")
    expect(small.button("Add Result")).to_be_hidden()
    expect(small.page.get_by_text("No kind is called so")).to_be_visible()


def test_a_model_node_chooses_among_the_models_that_are_kept(small: Bench, server: Server, path: str) -> None:
    small.train()
    small.is_done()
    model = server.client.post(f"/api/runs/{newest_run(server, small)['id']}/keep", json={"name": "Old hand"}).json()
    small.button("Add Model").click()
    chooser = small.page.get_by_role("combobox", name="Model", exact=True)
    chooser.select_option(model["id"])
    expect(chooser.locator("option").first).to_have_text("Small team")
    small.is_saved()
    held = next(node for node in kept_graph(server, path)["nodes"] if node["kind"] == "model")["settings"]["model"]
    assert held == server.client.get(f"/api/models/{model['id']}").json()
    small.button("Undo").click()
    expect(chooser.locator("option").first).to_have_text("Choose a model …")
