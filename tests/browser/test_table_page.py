"""The page of a table: what names it and its rows stays in sight."""

from __future__ import annotations

import pytest

from tests.browser.conftest import DESK, PHONE, Visit

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_rows_of_a_table_keep_their_number_in_sight(visit: Visit, size: tuple[int, int]) -> None:
    page = visit("/tables/subsidies", size=size)
    rows = page.get_by_role("group", name="Rows, scrollable")
    rows.evaluate("one => { one.style.width = '200px'; one.scrollLeft = 150; }")
    assert rows.evaluate("one => one.scrollLeft") > 0
    area, number = rows.bounding_box(), rows.get_by_role("rowheader").first.bounding_box()
    assert area and number and number["x"] == area["x"]
    clear = "one => getComputedStyle(one).backgroundColor === 'rgba(0, 0, 0, 0)'"
    assert not rows.get_by_role("rowheader").first.evaluate(clear)
