"""Pages and their fragments."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from fastapi import FastAPI
from jinja2 import UndefinedError
from starlette.requests import Request

from app.templating import create_environment, render, render_text

BASE = (
    '<title>{% block title %}{% endblock %}</title><script nonce="{{ nonce }}"></script>{% block main %}{% endblock %}'
)
PAGE = """{% extends "base.html" %}
{% block title %}{{ title }}{% endblock %}
{% block main %}<main>
{% block list %}<ul>{% for name in names %}{{ rows.row(name) }}{% endfor %}</ul>{% endblock %}
</main>{% endblock %}
"""


@dataclass(frozen=True)
class Page:
    title: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Greedy:
    request: str


HOSTILE = Page("<b>", ("<script>alert(1)</script>", "Dani"))


@pytest.fixture
def application(tmp_path: Path) -> FastAPI:
    (tmp_path / "parts").mkdir()
    (tmp_path / "base.html").write_text(BASE)
    (tmp_path / "page.html").write_text(PAGE)
    (tmp_path / "typo.html").write_text("{{ titel }}")
    (tmp_path / "parts" / "rows.html").write_text(
        "{% macro row(name) %}<li>{{ texts.strong(name) }}</li>{% endmacro %}"
    )
    (tmp_path / "parts" / "texts.html").write_text("{% macro strong(text) %}<b>{{ text }}</b>{% endmacro %}")
    made = FastAPI()
    made.state.templates = create_environment(tmp_path)
    return made


def ask(application: FastAPI, **headers: str) -> Request:
    raw = [(name.replace("_", "-").lower().encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "headers": raw, "app": application, "state": {"nonce": "N"}}
    return Request(scope)


def test_the_fields_of_the_page_are_the_names_and_all_is_escaped(application: FastAPI) -> None:
    text = render_text(ask(application), "page.html", HOSTILE)
    assert "<title>&lt;b&gt;</title>" in text
    assert '<script nonce="N">' in text
    assert "<li><b>&lt;script&gt;alert(1)&lt;/script&gt;</b></li><li><b>Dani</b></li>" in text


@pytest.mark.parametrize(
    ("headers", "part"),
    [
        ({}, False),
        ({"HX_Request": "true"}, True),
        ({"HX_Request": "true", "HX_Request_Type": "partial"}, True),
        ({"HX_Request": "true", "HX_Request_Type": "full"}, False),
        ({"HX_Request": "true", "HX_History_Restore_Request": "true"}, False),
    ],
    ids=str,
)
def test_htmx_gets_the_block_and_others_the_page(application: FastAPI, headers: dict[str, str], part: bool) -> None:
    answer = render(ask(application, **headers), "page.html", HOSTILE, block="list")
    text = bytes(answer.body).decode()
    assert text.startswith("<ul>") is part
    assert ("<title>" in text) is not part
    assert "<li><b>Dani</b></li>" in text
    assert answer.headers["vary"] == "HX-Request"


def test_a_page_without_blocks_is_always_whole(application: FastAPI) -> None:
    answer = render(ask(application, HX_Request="true"), "page.html", HOSTILE, status=422)
    assert b"<title>" in bytes(answer.body)
    assert answer.status_code == 422


def test_a_name_that_is_not_there_is_an_error(application: FastAPI) -> None:
    with pytest.raises(UndefinedError, match="titel"):
        render_text(ask(application), "typo.html", HOSTILE)


@pytest.mark.parametrize("page", [{"title": "x"}, Page, Greedy("x"), None])
def test_only_a_value_with_names_of_its_own_is_a_page(application: FastAPI, page: object) -> None:
    with pytest.raises(TypeError):
        render_text(ask(application), "page.html", page)
