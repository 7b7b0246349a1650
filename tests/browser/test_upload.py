"""From a file to a table: what was found in it, what was left out, and why a file is refused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.browser.bench import bench
from tests.browser.conftest import Visit, Watch

pytestmark = pytest.mark.browser

HOUSES = """\
Size;City;Sold;New;Price
80,5;Oslo;2024-01-31;yes;1.200
61;Lima;2024-02-29;no;950
;Oslo;;yes;1.000,25
75;;2023-12-01;no;1.100
90;Lima;2023-11-11;yes
66;Oslo;2023-10-10;no;870
"""


def upload(page: Page, name: str, content: str | bytes) -> None:
    data = content.encode() if isinstance(content, str) else content
    page.get_by_label("Upload a CSV file").set_input_files(FilePayload(name=name, mimeType="text/csv", buffer=data))


def column(page: Page, name: str) -> Locator:
    heading = page.get_by_role("heading", name=name, exact=True)
    return page.get_by_role("region", name="Columns").get_by_role("listitem").filter(has=heading)


def test_a_file_becomes_a_table_that_says_all_that_was_found(visit: Visit) -> None:
    page = visit("/tables")
    upload(page, "houses.csv", HOUSES)
    expect(page.get_by_role("heading", name="houses", level=1)).to_be_visible()
    expect(page.get_by_text("5 rows, 5 columns")).to_contain_text("semicolons, decimal comma")
    for name, told in {
        "Size": ("number", "61 to 80.5", "1 missing"),
        "City": ("category", "2 different values", "1 missing"),
        "Sold": ("date", "2023-10-10 to 2024-02-29", "1 missing"),
        "New": ("boolean", "40% yes"),
        "Price": ("number", "870 to 1,200"),
    }.items():
        for words in told:
            expect(column(page, name)).to_contain_text(words)
    left_out = page.get_by_role("group", name="Lines left out")
    expect(left_out.get_by_role("row", name="6 Line 6 has 4 cells; the header has 5.")).to_be_visible()
    rows = page.get_by_role("region", name="Rows", exact=True)
    expect(rows.get_by_role("row")).to_have_count(6)
    expect(rows.get_by_role("row", name="1 80.5 Oslo 2024-01-31 yes 1200")).to_be_visible()


def test_a_table_leads_to_a_team_with_a_target(visit: Visit) -> None:
    page = visit("/tables")
    upload(page, "houses.csv", HOUSES)
    page.get_by_role("button", name="Wire a team for it").click()
    wired = bench(page)
    wired.tab("Data").click()
    table = page.get_by_role("combobox", name="Table")
    expect(table.get_by_role("option", name="houses").last).to_be_attached()
    target = page.get_by_role("combobox", name="Target")
    expect(target).to_have_value("Price")
    expect(page.get_by_role("tabpanel")).to_contain_text("Price number · target")
    expect(page.get_by_label("Name of the graph")).to_have_value("Team for Price")
    target.select_option("Size")
    expect(page.get_by_label("Name of the graph")).to_have_value("Team for Size")
    expect(page.get_by_role("tabpanel")).to_contain_text("Size number, 1 missing · target")
    expect(page.get_by_role("tabpanel")).to_contain_text("A guess: Price.")
    page.reload()
    expect(page.get_by_role("combobox", name="Target", include_hidden=True)).to_have_value("Size")
    bench(page).train()
    wired.is_done()


def test_a_team_can_be_wired_for_the_target_that_a_person_means(visit: Visit) -> None:
    page = visit("/tables")
    upload(page, "houses.csv", HOUSES)
    target = page.get_by_role("combobox", name="Target")
    expect(target).to_have_value("Price")
    target.select_option("Size")
    page.get_by_role("button", name="Wire a team for it").click()
    expect(page.get_by_label("Name of the graph")).to_have_value(re.compile(r"^Team for Size( \(\d+\))?$"))


def test_another_target_can_have_a_graph_of_its_own(visit: Visit) -> None:
    page = visit("/tables")
    rows = (f"{row % 9},{('Oslo', 'Rome', 'Bonn')[row % 3]},{row % 7}" for row in range(90))
    upload(page, "towns.csv", "\n".join(["rooms,town,price", *rows]))
    page.get_by_role("button", name="Wire a team for it").click()
    wired = bench(page)
    wired.tab("Data").click()
    target = page.get_by_role("combobox", name="Target")
    expect(target).to_have_value("price")
    first = page.url
    target.select_option("town")
    expect(page.get_by_text("needs 3 numbers, one for each class; it is given 1").first).to_be_visible()
    page.get_by_role("button", name="New graph for this target").click()
    page.wait_for_url(lambda url: url != first)
    expect(page.get_by_label("Name of the graph")).to_have_value("Team for town")
    expect(wired.node("Alex")).to_be_visible()
    wired.train()
    wired.is_done()


def test_a_long_table_is_shown_page_by_page(visit: Visit) -> None:
    page = visit("/tables")
    upload(page, "numbers.csv", "n,square\n" + "".join(f"{n},{n * n}\n" for n in range(1, 51)))
    rows = page.get_by_role("region", name="Rows", exact=True)
    expect(rows.get_by_role("heading", name="Rows 1 to 20")).to_be_visible()
    page.get_by_role("link", name="Next", exact=True).click()
    expect(rows.get_by_role("heading", name="Rows 21 to 40")).to_be_visible()
    page.get_by_role("link", name="Next", exact=True).click()
    expect(rows.get_by_role("row", name="50 50 2500")).to_be_visible()
    page.get_by_role("link", name="Previous", exact=True).click()
    expect(rows.get_by_role("heading", name="Rows 21 to 40")).to_be_visible()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.csv", "", ("The file is empty", "Use a file with")),
        ("picture.csv", b"\x89PNG\r\n\x1a\n" + bytes(400), ("picture", "table")),
        ("binary.csv", b"a,b\n1,2\n3,\0004\n", ("Line 3", "UTF-8")),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_reason_and_cure(
    visit: Visit, watch: Watch, name: str, content: str | bytes, said: tuple[str, str]
) -> None:
    watch.expect("422")
    page = visit("/tables")
    upload(page, name, content)
    for words in said:
        expect(page.get_by_role("alert")).to_contain_text(words, ignore_case=True)
    upload(page, "good.csv", "a,b\n1,2\n3,4\n")
    expect(page.get_by_role("heading", name="good", level=1)).to_be_visible()


def test_a_file_can_be_dropped(visit: Visit) -> None:
    page = visit("/tables")
    dropped = page.evaluate_handle(
        """() => {
          const data = new DataTransfer();
          data.items.add(new File(['a,b\\n1,2\\n3,4\\n'], 'dropped.csv', { type: 'text/csv' }));
          return data;
        }"""
    )
    page.get_by_text("Choose a file, or drop it here").dispatch_event("drop", {"dataTransfer": dropped})
    expect(page.get_by_role("heading", name="dropped", level=1)).to_be_visible()


def test_what_a_file_says_is_shown_as_text(visit: Visit) -> None:
    page = visit("/tables")
    upload(page, "<b>bold<b>.csv", "<img src=x onerror=alert(1)>,b\n<script>alert(2)</script>,2\n<i>,4\n")
    expect(column(page, "<img src=x onerror=alert(1)>")).to_be_visible()
    expect(page.get_by_role("cell", name="<script>alert(2)</script>")).to_be_visible()


def test_a_table_is_deleted_after_asking(visit: Visit) -> None:
    page = visit("/tables")
    upload(page, "unwanted.csv", "a,b\n1,2\n3,4\n")
    expect(page.get_by_role("heading", name="unwanted", level=1)).to_be_visible()
    page.goto("/tables")
    card = page.get_by_role("listitem").filter(has_text="unwanted")
    page.once("dialog", lambda dialog: dialog.dismiss())
    card.get_by_role("button", name="Delete").click()
    expect(card).to_be_visible()
    page.once("dialog", lambda dialog: dialog.accept())
    card.get_by_role("button", name="Delete").click()
    expect(card).to_have_count(0)


def test_a_large_file_shows_how_far_it_is(visit: Visit, tmp_path: Path) -> None:
    page = visit("/tables")
    file = tmp_path / "large.csv"
    file.write_text("n,square,half\n" + "".join(f"{n},{n * n},{n / 2}\n" for n in range(300_000)))
    page.get_by_label("Upload a CSV file").set_input_files(file)
    expect(page.get_by_role("progressbar", name="Upload")).to_be_visible()
    expect(page.get_by_text("300,000 rows, 3 columns")).to_be_visible()
