"""A server that is killed while it trains: the page goes on by itself, to the same end."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.app.conftest import Server
from tests.browser.bench import bench, graph_on, newest_run
from tests.browser.conftest import Visit, Watch
from tests.browser.test_watching import drawn, reported

pytestmark = pytest.mark.browser


def test_the_page_goes_on_by_itself_to_the_same_bits(visit: Visit, server: Server, watch: Watch) -> None:
    watch.expect("ERR_|Failed to fetch")
    path = graph_on(server, pace={"seconds": 20})
    undisturbed = server.client.post("/api/runs", json=RUN | {"graph": path.split("/")[-1]}).json()["id"]
    ends(server, undisturbed)
    small = bench(visit(path))
    small.train()
    for _ in range(2):
        expect(small.loss("out")).to_have_text(re.compile(r"\d"))
        server.kill()
        expect(small.state).to_contain_text("The line to the server is lost")
        server.start()
        expect(small.state).to_contain_text("Training · step")
    small.button("Add Linear").click()
    small.is_saved()
    small.pace("Full speed")
    small.is_done()
    run = newest_run(server, small)
    assert run["state"] == "finished"
    assert parameters(server, run["id"]) == parameters(server, undisturbed)
    steps = drawn(small.page)
    assert steps == sorted(set(steps))
    small.page.reload()
    bench(small.page).is_done()
    assert drawn(small.page) == steps == reported(server, small)


RUN = {"table": "california", "target": "Cost ($m)", "settings": {"holdout": 0}}


def ends(server: Server, run: str) -> None:
    while server.client.get(f"/api/runs/{run}").json()["state"] != "finished":
        pass


def parameters(server: Server, run: str) -> object:
    return server.client.get(f"/api/runs/{run}/model").json()["parameters"]
