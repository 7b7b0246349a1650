"""The handbook: a page for every kind and every primitive, with a picture that can be read as well."""

from __future__ import annotations

import html
import re

import pytest

from engine.kind import catalogue as kinds
from engine.kind import describe as describe_kind
from engine.picture import of_kind, of_primitive
from engine.primitive import catalogue as primitives
from engine.primitive import describe as describe_primitive
from tests.app.conftest import Server

PAGES = [
    *((f"/handbook/kinds/{name}", describe_kind(name), of_kind(name).said) for name in kinds()),
    *((f"/handbook/primitives/{name}", describe_primitive(name), of_primitive(name).said) for name in primitives()),
]


@pytest.mark.parametrize(("path", "described", "said"), PAGES, ids=[page[0] for page in PAGES])
def test_everything_has_a_page(shared_server: Server, path: str, described: dict[str, str], said: str) -> None:
    answer = shared_server.client.get(path)
    assert answer.status_code == 200
    text = html.unescape(answer.text)
    for words in (described["title"], described["help"], described["feedback"], described["formula"], said):
        assert words in text
    assert len(re.findall('<svg class="plot-drawing"', text)) == 2
    assert re.search(r'<(polyline|circle) class="(stroke|dot)" data-series="1"', text)
    assert "nan" not in " ".join(re.findall(r'(?:points|cx|cy|y1)="([^"]*)"', text))


def test_the_list_leads_to_every_page(shared_server: Server) -> None:
    text = shared_server.client.get("/handbook").text
    assert re.findall(r'href="(/handbook/(?:kinds|primitives)/[^"]*)"', text) == [page[0] for page in PAGES]


@pytest.mark.parametrize("path", ["/handbook/kinds/telepathy", "/handbook/primitives/telepathy"])
def test_what_there_is_not_is_not_found(shared_server: Server, path: str) -> None:
    answer = shared_server.client.get(path)
    assert answer.status_code == 404 and "There is no such" in answer.text


def test_the_pages_lead_from_kinds_to_primitives_and_back(shared_server: Server) -> None:
    assert 'href="/handbook/primitives/extreme"' in shared_server.client.get("/handbook/kinds/maximum").text
    assert 'href="/handbook/kinds/maximum"' in shared_server.client.get("/handbook/primitives/extreme").text
