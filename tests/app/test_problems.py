"""Errors: the same plain words for programs, pages and parts of pages, and nothing that should not be seen."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.requests import Request

from app.problems import HTTPProblem, ProblemDetails, prefers_html, problem_response
from tests.app.conftest import Server
from tests.app.odd.routes import SECRET

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "html"),
    [
        (BROWSER, True),
        ("text/html", True),
        ("application/json, text/html;q=0.9", False),
        ("text/html, application/json", True),
        ("application/problem+json;q=0.5, text/html; q=0.9", True),
        ("*/*", False),
        ("application/json", False),
        ("text/html;q=0", False),
        ("text/html;q=x", False),
        ("text/event-stream", False),
        ("", False),
    ],
)
def test_html_is_for_those_who_ask_for_it_first(accept: str, html: bool) -> None:
    assert prefers_html([accept]) is html


def test_a_program_gets_json_with_its_extensions(odd_server: Server) -> None:
    answer = odd_server.client.get("/odd/refused")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json() == {
        "type": "urn:backchannel:problem:odd",
        "status": 409,
        "code": "odd",
        "title": "This does not fit what is there",
        "detail": "The run 'a<b' is at work. Stop it.",
        "problems": [{"code": "x"}],
    }


def test_a_browser_gets_a_page(odd_server: Server) -> None:
    answer = odd_server.client.get("/odd/refused", headers={"Accept": BROWSER})
    assert answer.status_code == 409
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.text.startswith("<!doctype html>")
    assert "a<b" not in answer.text
    assert "The run 'a<b' is at work." in unescape(answer.text)


def test_htmx_gets_a_piece_of_a_page(odd_server: Server) -> None:
    answer = odd_server.client.get("/odd/refused", headers={"Accept": "*/*", "HX-Request": "true"})
    assert answer.status_code == 409
    assert re.match(r'<div [^>]*role="alert" data-problem="odd">', answer.text)
    assert "a<b" not in answer.text
    assert "The run 'a<b' is at work." in unescape(answer.text)


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("headers", [{}, {"Accept": BROWSER}, {"HX-Request": "true"}], ids=str)
def test_our_own_mistakes_are_logged_and_not_shown(odd_server: Server, method: str, headers: dict[str, str]) -> None:
    answer = odd_server.client.request(method, "/odd/boom", headers=headers)
    assert answer.status_code == 500
    assert SECRET not in answer.text
    if not headers:
        number = answer.json()["id"]
        assert number in answer.json()["detail"]
        log = odd_server.log[odd_server.log.index(f"Problem {number}: {method} '/odd/boom'") :]
        assert SECRET in log
        assert "Traceback" in log


def test_the_server_goes_on_after_a_failure_in_the_middle_of_an_answer(odd_server: Server) -> None:
    with pytest.raises(Exception, match="incomplete chunked read"):
        odd_server.client.get("/odd/late")
    assert odd_server.client.get("/healthz").status_code == 200


def test_a_full_disk_is_said(odd_server: Server) -> None:
    answer = odd_server.client.get("/odd/full")
    assert (answer.status_code, answer.json()["code"]) == (507, "disk-full")
    assert SECRET not in answer.text


FIELDS = [
    ({}, "rate", "is missing"),
    ({"rate": "ECHO"}, "rate", "must be a number"),
    ({"rate": 0}, "rate", "must be more than 0.0"),
    ({"rate": 2}, "rate", "must be at most 1.0"),
    ({"rate": None}, "rate", "must be a number"),
    ({"rate": 1, "name": "ECHO-ECHO"}, "name", "must have at most 5 characters"),
    ({"rate": 1, "name": 7}, "name", "must be text"),
    ({"rate": 1, "name": "taken"}, "name", "is not right: choose another name"),
    ({"rate": 1, "epochs": 1.5}, "epochs", "must be a whole number"),
    ({"rate": 1, "epochs": "ECHO"}, "epochs", "must be a whole number"),
    ({"rate": 1, "epochs": {"ECHO": 1}}, "epochs", "must be a whole number"),
    ({"rate": 1, "epoch": "ECHO"}, "epoch", "is not known here"),
    (["ECHO"], "body", "must be an object"),
]


@pytest.mark.parametrize(("body", "field", "words"), FIELDS)
def test_a_field_that_is_not_right_is_named_but_not_quoted(
    odd_server: Server, body: Any, field: str, words: str
) -> None:
    answer = odd_server.client.post("/odd/small", json=body)
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (422, "validation")
    assert problem["detail"] == f"The field '{field}' {words}."
    assert problem["problems"][0]["field"] == field
    assert "ECHO" not in answer.text


def test_many_wrong_fields_are_counted_and_long_names_cut(odd_server: Server) -> None:
    body = {"rate": 1, **{f"{number}\n" + "x" * 100: 1 for number in range(300)}}
    problem = odd_server.client.post("/odd/small", json=body).json()
    assert len(problem["problems"]) == 100
    assert problem["detail"].endswith("And 297 more.")
    assert all(len(entry["field"]) < 70 and "\n" not in entry["field"] for entry in problem["problems"])


def test_a_method_that_is_not_answered_names_those_that_are(shared_server: Server) -> None:
    answer = shared_server.client.post("/healthz")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET")


def request_with(render: Any, headers: dict[str, str]) -> Request:
    application = FastAPI()
    application.state.render_problem = render
    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "method": "GET", "path": "/", "headers": raw, "app": application})


def test_a_page_may_bring_its_own_look() -> None:
    def render(request: Request, problem: ProblemDetails, *, whole: bool) -> str:
        return f"{problem.code} {whole}"

    problem = HTTPProblem(404, "gone", "It is gone.").details
    assert problem_response(request_with(render, {"Accept": BROWSER}), problem).body == b"gone True"
    assert problem_response(request_with(render, {"HX-Request": "true"}), problem).body == b"gone False"


def test_a_look_that_fails_does_not_hide_the_problem() -> None:
    def render(request: Request, problem: ProblemDetails, *, whole: bool) -> str:
        raise KeyError("template")

    problem = HTTPProblem(404, "gone", "It is gone.").details
    answer = problem_response(request_with(render, {"Accept": BROWSER}), problem)
    assert answer.status_code == 404
    assert b"<p>It is gone.</p>" in bytes(answer.body)
