"""The handbook as it is read: its contents lead everywhere, and its pictures are as large as they are drawn."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESK, PHONE, Visit

pytestmark = pytest.mark.browser

TICK = "one => parseFloat(getComputedStyle(one).fontSize) * one.ownerSVGElement.getScreenCTM().a"


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_the_contents_stay_in_sight_and_lead_to_every_family(visit: Visit, size: tuple[int, int]) -> None:
    page = visit("/handbook", size=size)
    contents = page.get_by_role("navigation", name="Contents")
    families = contents.get_by_role("link").all_inner_texts()
    assert families == [heading.strip() for heading in page.get_by_role("heading", level=2).all_inner_texts()]
    for family in families[:-1]:
        contents.get_by_role("link", name=family).click()
        row, heading = contents.bounding_box(), page.get_by_role("heading", name=family, exact=True).bounding_box()
        assert row and heading and row["y"] == 0
        assert row["height"] <= heading["y"] < row["height"] + 60


def test_on_a_phone_a_card_is_short(visit: Visit) -> None:
    page = visit("/handbook", size=PHONE)
    cards = page.get_by_role("article")
    expect(cards.first.get_by_role("link")).to_be_visible()
    heights = cards.evaluate_all("all => all.map((one) => one.offsetHeight)")
    assert max(heights) < 200
    assert sum(heights) / len(heights) < 120


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_the_numbers_of_a_picture_are_as_large_as_other_small_print(visit: Visit, size: tuple[int, int]) -> None:
    page = visit("/handbook/kinds/maximum", size=size)
    assert 10 < page.locator(".tick").first.evaluate(TICK) < 14
