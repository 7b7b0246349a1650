"""Tables and models are renamed on their own pages."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.app.conftest import Server
from tests.app.model_documents import document
from tests.browser.conftest import Visit, Watch

pytestmark = pytest.mark.browser


@pytest.fixture(params=["tables", "models"])
def path(server: Server, request: pytest.FixtureRequest) -> str:
    """The page of a table and of a model that are called "Old name"."""
    kind, name = request.param, {"name": "Old name"}
    if kind == "tables":
        made = server.client.post("/api/tables", files={"file": ("a.csv", "a,b\n1,2\n3,5\n")}, data=name)
    else:
        made = server.client.post("/api/models", json=document(), params=name)
    return f"/{kind}/{made.json()['id']}"


def name_on(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Name of the")


def saved(page: Page) -> Locator:
    return page.get_by_text("Saved", exact=True)


def heads(server: Server, path: str) -> list[str]:
    """What all things of this kind are called."""
    kind = path.split("/")[1]
    return [head["name"] for head in server.client.get(f"/api/{kind}").json()[kind]]


def is_kept(page: Page, name: str) -> None:
    """As the page says when it is asked for again."""
    page.reload()
    expect(name_on(page)).to_have_value(name)


def test_a_name_is_kept_on_enter(visit: Visit, server: Server, path: str) -> None:
    page = visit(path)
    expect(name_on(page)).to_have_value("Old name")
    name_on(page).fill("  Another\nname ")
    name_on(page).press("Enter")
    expect(saved(page)).to_be_visible()
    expect(name_on(page)).to_have_value("Another name")
    expect(name_on(page)).not_to_be_focused()
    expect(page.get_by_role("heading", level=1)).to_have_text("Another name")
    expect(page).to_have_title("Another name · Backchannel")
    is_kept(page, "Another name")
    assert "Another name" in heads(server, path)


def test_a_name_is_kept_when_it_is_left(visit: Visit, path: str) -> None:
    page = visit(path)
    name_on(page).fill("Left")
    name_on(page).press("Tab")
    expect(saved(page)).to_be_visible()
    is_kept(page, "Left")


def test_escape_gives_the_name_back(visit: Visit, path: str) -> None:
    page = visit(path)
    name_on(page).fill("Mistyped")
    name_on(page).press("Escape")
    expect(name_on(page)).to_have_value("Old name")
    expect(name_on(page)).not_to_be_focused()
    is_kept(page, "Old name")


def test_an_empty_name_is_refused_in_words(visit: Visit, path: str) -> None:
    page = visit(path)
    name_on(page).fill(" ")
    name_on(page).press("Enter")
    said = page.get_by_role("alert")
    expect(said).to_have_text("A name cannot be empty. Escape brings “Old name” back.")
    expect(name_on(page)).to_be_focused()
    expect(name_on(page)).to_have_attribute("aria-invalid", "true")
    name_on(page).press("Escape")
    expect(said).to_be_hidden()
    expect(name_on(page)).to_have_value("Old name")
    expect(name_on(page)).to_have_attribute("aria-invalid", "false")


def test_a_name_that_does_not_arrive_is_said_not_to_be_kept(visit: Visit, watch: Watch, path: str) -> None:
    watch.expect("ERR_FAILED")
    page = visit(path)
    page.route("**/api/**", lambda route: route.abort())
    name_on(page).fill("Unheard")
    name_on(page).press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("this name is not kept")
    page.unroute("**/api/**")
    name_on(page).press("Enter")
    expect(saved(page)).to_be_visible()
    expect(page.get_by_role("alert")).to_be_hidden()
