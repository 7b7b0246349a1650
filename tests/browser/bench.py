"""The workbench as a person uses it: by the names that it shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.app.conftest import Server

GRAPH: dict[str, Any] = {
    "format": "backchannel.graph",
    "version": 1,
    "name": "Small team",
    "nodes": [
        {"id": "in", "kind": "columns", "name": "Project", "position": {"x": 0, "y": 100}},
        {"id": "dani", "kind": "linear", "name": "Dani", "position": {"x": 260, "y": 0}},
        {"id": "ely", "kind": "linear", "name": "Ely", "position": {"x": 260, "y": 200}},
        {"id": "max", "kind": "maximum", "name": "Loudest", "position": {"x": 520, "y": 100}},
        {"id": "out", "kind": "estimate", "name": "Cost", "position": {"x": 780, "y": 100}},
    ],
    "wires": [
        {"source": "in", "target": "dani"},
        {"source": "in", "target": "ely"},
        {"source": "dani", "target": "max"},
        {"source": "ely", "target": "max"},
        {"source": "max", "target": "out"},
    ],
}
SETUP: dict[str, Any] = {
    "table": "california",
    "target": "Cost ($m)",
    "settings": {"holdout": 0},
    "pace": {"seconds": 4},
}


def graph_on(server: Server, graph: dict[str, Any] = GRAPH, **setup: Any) -> str:
    """The path of a new graph that is ready to be trained on the California table."""
    answer = server.client.post("/api/graphs", json=graph)
    assert answer.status_code == 201, answer.text
    id = answer.json()["id"]
    answer = server.client.put(f"/api/graphs/{id}/setup", json=SETUP | setup)
    assert answer.status_code == 200, answer.text
    return f"/graphs/{id}"


@dataclass
class Bench:
    """A workbench that is open in a page."""

    page: Page

    @property
    def graph(self) -> Locator:
        return self.page.get_by_role("region", name="Graph")

    @property
    def nodes(self) -> Locator:
        return self.graph.locator("[data-node]")

    @property
    def wires(self) -> Locator:
        return self.graph.locator("[data-wire]")

    @property
    def state(self) -> Locator:
        """What is said of the training."""
        return self.page.locator("#run-state")

    @property
    def rows(self) -> Locator:
        return self.page.get_by_role("table", name="Rows")

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def node(self, name: str) -> Locator:
        return self.graph.get_by_role("group", name=name, exact=True)

    def wire(self, source: str, target: str) -> Locator:
        return self.graph.get_by_role("group", name=f"wire from {source} to {target}", exact=True)

    def port(self, name: str) -> Locator:
        """`output of Dani`, `input of Loudest`."""
        return self.graph.get_by_role("button", name=name, exact=True)

    def reading(self, id: str, name: str) -> Locator:
        return self.graph.locator(f'[data-node="{id}"] [data-reading="{name}"]')

    def loss(self, id: str, split: str = "train") -> Locator:
        return self.page.locator(f'[data-loss="{id}"] [data-split="{split}"]')

    def tab(self, name: str) -> Locator:
        return self.page.get_by_role("tab", name=name, exact=True)

    def select(self, name: str) -> None:
        """With the mouse; its form is then in the panel."""
        self.node(name).get_by_text(name, exact=True).click()
        expect(self.page.get_by_role("textbox", name="Name", exact=True)).to_have_value(name)

    def draw(self, source: str, target: str) -> None:
        """A wire with the mouse, from port to port."""
        self.port(f"output of {source}").drag_to(self.port(f"input of {target}"))

    def is_saved(self) -> None:
        expect(self.page.get_by_text("Saved", exact=True)).to_be_visible()

    def pace(self, words: str) -> None:
        self.page.get_by_role("combobox", name="Speed").select_option(words)

    def train(self) -> None:
        self.button("Train").click()
        expect(self.button("Stop")).to_be_visible()

    def stop(self) -> None:
        self.button("Stop").click()
        expect(self.state).to_contain_text("Stopped after")

    def is_done(self) -> None:
        expect(self.state).to_contain_text("Done after")


def bench(page: Page) -> Bench:
    """The workbench, once its canvas is drawn."""
    opened = Bench(page)
    opened.nodes.first.wait_for()
    return opened


def kept_graph(server: Server, path: str) -> dict[str, Any]:
    """What the server keeps of the graph of a page."""
    told: dict[str, Any] = server.client.get(f"/api{path}").json()
    return told


def newest_run(server: Server, opened: Bench) -> dict[str, Any]:
    """What the server tells of the run that was started last in a workbench."""
    graph = opened.page.url.rsplit("/", 1)[1]
    newest = server.client.get("/api/runs", params={"graph": graph}).json()["runs"][0]
    told: dict[str, Any] = server.client.get(f"/api/runs/{newest['id']}").json()
    return told
