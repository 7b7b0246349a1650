"""What holds for every page, in light and dark, on a desk and on a phone: no barriers, nothing beside the screen."""

from __future__ import annotations

import re
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

import app.pages
from tests.app.conftest import Server
from tests.app.sweep import calls, reading
from tests.browser.axe import barriers
from tests.browser.bench import GRAPH, Bench, bench, graph_on
from tests.browser.conftest import DESK, PHONE, Visit, Watch

pytestmark = pytest.mark.browser

Look = tuple[tuple[int, int], Literal["light", "dark"]]
LOOKS: list[Look] = [(DESK, "light"), (DESK, "dark"), (PHONE, "light"), (PHONE, "dark")]
IDS = [f"{width}x{height}-{scheme}" for (width, height), scheme in LOOKS]
ADDRESSES = [*sorted({call.template for call in reading(calls([app.pages]))}), "/nowhere", "/graphs/nobody"]
TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def kept(server: Server) -> str:
    """The id of a model of the second example, which has columns of every type."""
    client = server.client
    setup = client.get("/api/graphs/subsidies/setup").json()
    asked = {"graph": "subsidies", "table": setup["table"], "target": setup["target"], "settings": {"epochs": 20}}
    run = client.post("/api/runs", json=asked).json()["id"]
    while client.get(f"/api/runs/{run}").json()["state"] != "finished":
        pass
    id: str = client.post(f"/api/runs/{run}/keep").json()["id"]
    return id


def address(template: str, kept: str) -> str:
    """With the id of something that there is."""
    ids = {"graphs": "california", "tables": "subsidies", "models": kept, "handbook": "median"}
    id = ids.get(template.split("/")[1], "")
    return re.sub(r"\{[^}]*\}", id, template)


@pytest.mark.parametrize("look", LOOKS, ids=IDS)
def test_no_page_has_barriers_or_is_too_wide(visit: Visit, watch: Watch, kept: str, look: Look) -> None:
    watch.expect("404")
    size, scheme = look
    page = visit("/nowhere", size=size, scheme=scheme)
    found = {}
    for template in ADDRESSES:
        answer = page.goto(address(template, kept))
        assert answer
        if answer.headers["content-type"].startswith("text/html") and "<html" in answer.text():
            page.wait_for_load_state("networkidle")
            found[template] = barriers(page) + (["too wide"] if page.evaluate(TOO_WIDE) else [])
    assert {template: faults for template, faults in found.items() if faults} == {}
    assert len(found) > 8


@pytest.mark.parametrize("look", LOOKS, ids=IDS)
def test_the_workbench_has_no_barriers_whatever_it_shows(visit: Visit, server: Server, look: Look) -> None:
    size, scheme = look
    unfinished = GRAPH | {"wires": GRAPH["wires"][1:]}
    small = bench(visit(graph_on(server, unfinished, pace={"seconds": 30}), size=size, scheme=scheme))
    found = {}
    expect(small.page.get_by_text("to mend")).to_be_visible()
    small.button("Train").click()
    expect(small.page.get_by_role("button", name="Close", exact=True)).to_be_visible()
    found["problems"] = barriers(small.page)
    for port in ("output of Loudest", "input of Dani"):
        small.port(port).press("Enter")
    expect(small.page.locator("#canvas-note")).to_be_visible()
    found["a wire refused"] = barriers(small.page)
    wire_up(small)
    small.button("Train").click()
    expect(small.loss("out")).to_have_text(re.compile(r"\d"))
    found["training"] = barriers(small.page)
    small.stop()
    found["done"] = barriers(small.page)
    small.button("Undo").click()
    expect(small.page.get_by_text("The graph has changed since this training.")).to_be_visible()
    found["changed"] = barriers(small.page)
    open_details(small.page)
    for tab in ("Data", "Training"):
        small.tab(tab).click()
        found[tab] = barriers(small.page)
    small.page.keyboard.press("?")
    expect(small.page.get_by_role("dialog")).to_be_visible()
    found["shortcuts"] = barriers(small.page)
    small.page.keyboard.press("Escape")
    small.node("Dani").get_by_text("Dani", exact=True).click()
    expect(small.page.get_by_role("textbox", name="Name", exact=True)).to_have_value("Dani")
    small.page.get_by_text("More settings").locator("visible=true").click()
    found["node"] = barriers(small.page)
    small.tab("Training").click()
    small.page.get_by_role("textbox", name="Epochs").fill("-5")
    small.page.get_by_role("textbox", name="rate").fill("-1")
    small.button("Train").click()
    expect(small.page.get_by_text("mend Learning rate and Epochs first")).to_be_visible()
    found["wrong settings"] = barriers(small.page)
    assert {state: faults for state, faults in found.items() if faults} == {}
    assert not small.page.evaluate(TOO_WIDE)


def wire_up(small: Bench) -> None:
    for port in ("output of Project", "input of Dani"):
        small.port(port).focus()
        small.page.keyboard.press("Enter")
    expect(small.page.get_by_text("to mend")).to_be_hidden()


def open_details(page: Page) -> None:
    """On a phone, the panel that lies below the canvas."""
    details = page.get_by_role("button", name="Details", exact=True)
    if details.is_visible() and details.get_attribute("aria-expanded") == "false":
        details.click()


def test_the_theme_can_be_chosen_and_is_kept(visit: Visit) -> None:
    page = visit("/tables")
    ink = "getComputedStyle(document.body).color"
    light = page.evaluate(ink)
    page.get_by_role("button", name="Light or dark").click()
    dark = page.evaluate(ink)
    assert dark != light
    page.goto("/models")
    assert page.evaluate(ink) == dark
