"""The first visit: an example that is one click from training, and says what to look at."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.bench import bench
from tests.browser.conftest import PHONE, Visit

pytestmark = pytest.mark.browser

TEAM = ["Project", "Alex", "Bo", "Dani", "Ely", "Crowd", "Loudest", "Average team", "Maximum team"]


def test_the_example_is_wired_and_one_click_from_training(visit: Visit) -> None:
    start = bench(visit("/"))
    for name in TEAM:
        expect(start.node(name)).to_be_in_viewport()
    expect(start.wires).to_have_count(10)
    expect(start.page.get_by_role("tabpanel").get_by_role("listitem")).to_have_count(3)
    start.train()
    expect(start.reading("dani", "result")).not_to_have_text("–")
    start.pace("Full speed")
    start.is_done()
    expect(start.loss("average_team")).to_have_text("0.250")
    assert float(start.loss("maximum_team").inner_text()) < 1e-6


def test_a_visitor_with_a_phone_can_train_it_too(visit: Visit) -> None:
    start = bench(visit("/", size=PHONE, has_touch=True))
    start.pace("Quick (4 s)")
    start.button("Train").tap()
    start.is_done()
    expect(start.rows.get_by_role("row")).to_have_count(5)
    too_wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not start.page.evaluate(too_wide)


def test_the_second_example_learns_what_a_linear_worker_cannot(visit: Visit) -> None:
    page = visit("/graphs")
    page.get_by_role("link", name="Certain years", exact=True).click()
    years = bench(page)
    expect(page.get_by_role("tabpanel").get_by_role("listitem")).to_have_count(3)
    years.pace("Full speed")
    years.train()
    years.is_done()
    alone, together = (float(years.loss(id, "holdout").inner_text()) for id in ("alone", "together"))
    assert together < 1 < alone


def test_an_example_that_was_changed_can_be_put_back(visit: Visit) -> None:
    page = visit("/graphs")
    page.get_by_role("link", name="California, two teams").click()
    example = bench(page)
    example.select("Crowd")
    page.keyboard.press("Delete")
    expect(example.nodes).to_have_count(8)
    example.is_saved()
    example.tab("Guide").click()
    example.button("Put the example back as it was").click()
    expect(example.node("Crowd")).to_be_visible()
    expect(example.nodes).to_have_count(9)
    expect(example.wires).to_have_count(10)
