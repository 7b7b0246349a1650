"""A model leaves as JSON, comes back with the same bits, and answers rows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.app.conftest import Server
from tests.browser.bench import bench, graph_on
from tests.browser.conftest import Visit, Watch

pytestmark = pytest.mark.browser

ROWS = [{"California": california, "Renewables": renewables} for california in (0, 1) for renewables in (0, 1)]


@pytest.fixture
def trained(visit: Visit, server: Server) -> Page:
    small = bench(visit(graph_on(server, pace=None)))
    small.train()
    small.is_done()
    return small.page


def keep(page: Page) -> None:
    page.get_by_role("button", name="Keep this model").click()
    page.wait_for_url("**/models/*")


def download(page: Page) -> bytes:
    with page.expect_download() as started:
        page.get_by_role("link", name="Download JSON").first.click()
    assert started.value.suggested_filename.endswith(".json")
    content: bytes = started.value.path().read_bytes()
    return content


def id_of(page: Page) -> str:
    return page.url.rsplit("/", 1)[1]


def predict(server: Server, model: str) -> list[float]:
    answer = server.client.post(f"/api/models/{model}/predict", json={"rows": ROWS})
    estimates: list[float] = answer.json()["estimates"]
    return estimates


def test_a_model_that_leaves_and_comes_back_gives_the_same_estimates(
    trained: Page, server: Server, tmp_path: Path
) -> None:
    taken = download(trained)
    keep(trained)
    kept = id_of(trained)
    again = download(trained)
    assert json.loads(again)["parameters"] == json.loads(taken)["parameters"]
    (tmp_path / "model.json").write_bytes(again)
    trained.goto("/models")
    trained.get_by_label("Import a model").set_input_files(tmp_path / "model.json")
    trained.wait_for_url("**/models/*")
    brought = id_of(trained)
    assert brought != kept
    assert download(trained) == again
    assert predict(server, brought) == predict(server, kept)
    assert [round(estimate, 6) for estimate in predict(server, kept)] == [1, 8, 5, 10]


def test_a_row_that_is_typed_in_is_estimated_and_explained(trained: Page) -> None:
    keep(trained)
    answer = trained.get_by_role("region", name="Estimate", exact=True)
    trained.get_by_label("California", exact=True).fill("1")
    trained.get_by_label("Renewables", exact=True).fill("1")
    expect(answer).to_contain_text("10")
    expect(answer.get_by_role("row", name="base")).to_be_visible()
    expect(answer).to_contain_text("Loudest listened to")
    figure = answer.locator(".answer-figure").last
    whole = figure.inner_text()
    trained.get_by_label("Renewables", exact=True).fill("0,5")
    expect(figure).not_to_have_text(whole)
    expect(answer.get_by_role("row", name="base").last).to_be_visible()
    trained.get_by_label("Renewables", exact=True).fill("1,0")
    expect(figure).to_have_text(whole)
    trained.get_by_label("Renewables", exact=True).fill("many")
    expect(answer).to_contain_text("Renewables")
    expect(answer.get_by_role("row")).to_have_count(0)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "JSON"),
        ('{"format": "backchannel.graph"}', "model"),
        ('{"format": "backchannel.model", "version": 99}', "version"),
    ],
)
def test_a_file_that_is_no_model_is_refused_in_words(
    visit: Visit, watch: Watch, tmp_path: Path, content: str, said: str
) -> None:
    watch.expect("400|422")
    page = visit("/models")
    (tmp_path / "model.json").write_text(content)
    page.get_by_label("Import a model").set_input_files(tmp_path / "model.json")
    expect(page.get_by_role("alert")).to_contain_text(said, ignore_case=True)


def test_a_model_is_deleted_after_asking(trained: Page) -> None:
    keep(trained)
    model = id_of(trained)
    trained.goto("/models")
    card = trained.get_by_role("listitem").filter(has=trained.locator(f'a[href="/models/{model}"]'))
    trained.once("dialog", lambda dialog: dialog.accept())
    card.get_by_role("button", name="Delete").click()
    expect(card).to_have_count(0)
