"""The page of a model: a row that is typed in says where it is wrong, and what was learnt can be read at any width."""

from __future__ import annotations

import csv
import io

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.app.conftest import Server
from tests.browser.conftest import DESK, PHONE, Visit

pytestmark = pytest.mark.browser

TOWN = "Municipality of the customer's registered seat"
TOWNS = [f"{where} Wetherby-upon-Tyne {number}" for where in ("Upper", "Lower") for number in range(15)]
TURNOVER = "Annual turnover in the previous fiscal year (EUR)"
COLUMNS = (TOWN, TURNOVER, "Employees", "Is existing customer?", "Price")


def contracts() -> str:
    """A table with long names and many categories."""
    written = io.StringIO()
    lines = csv.writer(written)
    lines.writerow(COLUMNS)
    for row in range(120):
        turnover, staff = row * 37 % 101 + 0.5, row * 53 % 97
        known = "" if row % 11 == 0 else turnover
        lines.writerow([TOWNS[row % 30], known, staff, "yes" if row % 3 else "no", 2 * turnover + 5 * staff + row % 3])
    return written.getvalue()


@pytest.fixture(scope="module")
def model(server: Server) -> str:
    """The path of a model that was learnt from contracts."""
    client = server.client
    table = client.post("/api/tables", files={"file": ("contracts.csv", contracts())}).json()["id"]
    starter = client.get(f"/api/tables/{table}/starter", params={"target": "Price"}).json()
    graph = client.post("/api/graphs", json=starter["graph"]).json()["id"]
    settings = starter["setup"]["settings"] | {"epochs": 2}
    asked = {"graph": graph, "table": table, "target": "Price", "settings": settings}
    run = client.post("/api/runs", json=asked).json()["id"]
    while client.get(f"/api/runs/{run}").json()["state"] != "finished":
        pass
    return f"/models/{client.post(f'/api/runs/{run}/keep').json()['id']}"


def figure(page: Page) -> Locator:
    return page.locator(".answer-figure")


def field(page: Page, name: str) -> Locator:
    return page.get_by_label(name, exact=True)


def middle_shown(page: Page, one: Locator) -> bool:
    """Whether the place is on the screen."""
    box, size = one.bounding_box(), page.viewport_size
    assert box and size
    return 0 <= box["y"] + box["height"] / 2 <= size["height"]


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_a_wrong_value_is_said_at_its_field(visit: Visit, model: str, size: tuple[int, int]) -> None:
    page = visit(model, size=size)
    expect(figure(page)).to_be_visible()
    field(page, "Employees").fill("many")
    said = page.get_by_role("alert")
    expect(said).to_have_text("Employees cannot be “many”: write a number like 1200.5, or leave it empty.")
    expect(field(page, "Employees")).to_have_attribute("aria-invalid", "true")
    expect(field(page, "Employees")).to_have_accessible_description(said.inner_text())
    expect(field(page, "Employees")).to_be_focused()
    assert middle_shown(page, said)
    expect(figure(page)).to_have_count(0)
    field(page, "Employees").fill("12,5")
    expect(figure(page)).to_be_visible()
    expect(said).to_have_count(0)
    expect(field(page, "Employees")).to_have_value("12,5")
    expect(field(page, "Employees")).not_to_have_attribute("aria-invalid", "true")


def test_a_row_that_is_sent_off_leads_to_what_is_wrong(visit: Visit, model: str) -> None:
    page = visit(model, size=PHONE)
    field(page, TURNOVER).fill("much")
    field(page, "Employees").fill("many")
    expect(page.get_by_role("alert")).to_have_count(2)
    expect(field(page, "Employees")).to_be_focused()
    field(page, "Employees").press("Enter")
    expect(field(page, TURNOVER)).to_be_focused()
    assert middle_shown(page, field(page, TURNOVER))


def test_a_yes_or_no_is_chosen(visit: Visit, model: str) -> None:
    page = visit(model)
    chosen = field(page, "Is existing customer?")
    assert chosen.locator("option").all_inner_texts() == ["missing", "yes", "no"]
    expect(chosen).to_have_value("no")
    before = figure(page).inner_text()
    chosen.select_option("yes")
    expect(figure(page)).not_to_have_text(before)
    expect(chosen).to_have_value("yes")
    chosen.select_option("missing")
    expect(figure(page)).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)


def test_fields_beside_one_another_stand_at_one_height(visit: Visit, model: str) -> None:
    page = visit(model)
    boxes = [field(page, name).bounding_box() for name in COLUMNS[:3]]
    assert len({(box["y"], box["height"]) for box in boxes if box}) == 1
    field(page, "Employees").fill("many")
    expect(page.get_by_role("alert")).to_be_visible()
    assert [field(page, name).bounding_box() for name in COLUMNS[:3]] == boxes


def test_no_key_leads_to_a_button_that_cannot_be_seen(visit: Visit, model: str) -> None:
    page = visit(model)
    field(page, "Is existing customer?").press("Tab")
    expect(page.get_by_role("group", name="Formulas, scrollable")).to_be_focused()


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_formulas_grow_downwards_and_keep_their_names_in_sight(visit: Visit, model: str, size: tuple[int, int]) -> None:
    page = visit(model, size=size)
    formulas = page.get_by_role("group", name="Formulas, scrollable")
    expect(formulas.get_by_role("columnheader").first).to_have_text("Input")
    workers = formulas.get_by_role("columnheader").count() - 1
    assert formulas.locator("table").evaluate("one => one.offsetWidth") < 400 + 130 * workers
    town = formulas.get_by_role("row", name=TOWNS[7], exact=False).first
    expect(town.get_by_role("cell")).to_have_count(workers)
    formulas.evaluate("one => one.scrollTo(one.scrollWidth, one.scrollHeight)")
    area = formulas.bounding_box()
    header = formulas.get_by_role("columnheader", name="Input").bounding_box()
    last = formulas.get_by_role("rowheader").last.bounding_box()
    assert area and header and last
    assert (header["x"], header["y"]) == (area["x"], area["y"])
    assert last["x"] == area["x"] and last["width"] < area["width"] / 2
    assert area["height"] < size[1]
