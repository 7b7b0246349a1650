"""What is found in the palette, and what single keys do."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.app.conftest import Server
from tests.browser.bench import Bench, bench, graph_on, newest_run
from tests.browser.conftest import PHONE, Visit

pytestmark = pytest.mark.browser


@pytest.fixture
def small(visit: Visit, server: Server) -> Bench:
    return bench(visit(graph_on(server)))


def search(small: Bench) -> Locator:
    return small.page.get_by_role("searchbox", name="Search the palette")


def test_basic_kinds_stand_open_and_the_others_are_folded(small: Bench) -> None:
    expect(small.button("Add Linear")).to_be_visible()
    expect(small.button("Add Median")).to_be_hidden()
    small.page.locator("summary").filter(has_text="more").nth(1).click()
    expect(small.button("Add Median")).to_be_visible()


def test_a_search_unfolds_what_it_finds_and_enter_adds_it(small: Bench) -> None:
    small.page.keyboard.press("/")
    small.page.keyboard.type("middle estimate")
    expect(small.button("Add Median")).to_be_visible()
    expect(small.button("Add Linear")).to_be_hidden()
    small.page.keyboard.press("Enter")
    expect(small.node("Median")).to_be_visible()
    search(small).focus()
    small.page.keyboard.press("Escape")
    expect(small.button("Add Linear")).to_be_visible()
    expect(small.button("Add Median")).to_be_hidden()


def test_a_search_that_finds_nothing_says_so_and_adds_nothing(small: Bench) -> None:
    search(small).fill("nonsense")
    search(small).press("Enter")
    expect(small.page.get_by_text("No kind is called so")).to_be_visible()
    expect(small.nodes).to_have_count(5)


def test_the_shortcuts_are_listed_and_none_works_behind_the_list(small: Bench) -> None:
    small.page.keyboard.press("?")
    expect(small.page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    small.page.keyboard.press("Control+a")
    small.page.keyboard.press("Control+d")
    small.page.keyboard.press("Escape")
    expect(small.page.get_by_role("dialog")).to_be_hidden()
    expect(small.nodes).to_have_count(5)


def test_p_pauses_and_resumes_and_s_steps_once(small: Bench) -> None:
    small.train()
    expect(small.loss("out")).not_to_have_text("–")
    small.page.keyboard.press("p")
    expect(small.state).to_contain_text("Paused")
    before = small.state.text_content()
    small.page.keyboard.press("s")
    expect(small.state).not_to_have_text(before or "")
    expect(small.state).to_contain_text("Paused")
    small.page.keyboard.press("p")
    small.is_done()


def test_letters_that_are_typed_are_no_shortcuts(small: Bench) -> None:
    small.train()
    search(small).press_sequentially("sp?")
    expect(search(small)).to_have_value("sp?")
    expect(small.page.get_by_role("dialog")).to_be_hidden()
    small.is_done()


def test_from_a_field_ctrl_enter_trains_with_what_was_just_typed(small: Bench, server: Server) -> None:
    small.select("Dani")
    width = small.page.get_by_role("textbox", name="Width")
    width.fill("many")
    width.press("Control+Enter")
    expect(small.page.get_by_role("alert").filter(has_text="Training has not begun: mend Width")).to_be_visible()
    expect(width).to_be_focused()
    width.fill("1")
    rate = small.page.get_by_role("textbox", name="rate")
    rate.fill("0.01")
    rate.press("Control+Enter")
    small.is_done()
    assert newest_run(server, small)["settings"]["learning_rate"] == 0.01
    search(small).fill("average")
    search(small).press("Control+Enter")
    expect(small.button("Stop")).to_be_visible()
    expect(small.nodes).to_have_count(5)


def test_a_box_that_is_ticked_takes_no_letters(small: Bench) -> None:
    small.page.get_by_role("checkbox", name="log scale").focus()
    small.page.keyboard.press("?")
    expect(small.page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()


def test_on_a_phone_one_sheet_is_open_and_training_shows_its_results(visit: Visit, server: Server) -> None:
    small = bench(visit(graph_on(server), size=PHONE, has_touch=True))
    add, details, results = (small.button(name) for name in ("Add", "Details", "Results"))
    expect(details).to_have_attribute("aria-expanded", "true")
    add.tap()
    expect(small.button("Add Linear")).to_be_visible()
    expect(details).to_have_attribute("aria-expanded", "false")
    small.button("Add Linear").tap()
    expect(small.button("Add Linear")).to_be_hidden()
    small.button("Undo").tap()
    small.button("Train").tap()
    expect(results).to_have_attribute("aria-expanded", "true")
    expect(small.loss("out")).to_be_visible()
    results.tap()
    expect(small.loss("out")).to_be_hidden()


@pytest.mark.parametrize(
    ("setup", "words"), [({"table": None, "target": None}, "choose a table"), ({"target": None}, "choose the target")]
)
def test_who_trains_without_data_is_led_to_it(visit: Visit, server: Server, setup: dict[str, Any], words: str) -> None:
    small = bench(visit(graph_on(server, **setup)))
    small.button("Train").click()
    expect(small.page.get_by_role("alert").filter(has_text=words)).to_be_visible()
    expect(
        small.page.get_by_role("combobox", name="Target" if "table" not in setup else "Table", exact=True)
    ).to_be_focused()
