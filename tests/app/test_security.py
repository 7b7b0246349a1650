"""What stands before every route, asked over a real socket."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator

import httpx
import pytest

from app import api, pages
from app.config import Limits
from app.security import POLICY, remote_refusal
from tests.app import odd
from tests.app.conftest import ROOT, Server
from tests.app.sweep import Call, calls, changing, reading

ALL = calls([api, pages, odd])
ENDLESS = {"/odd/endless", "/odd/until-stopped", "/odd/late"}
QUICK = [call for call in ALL if call.path not in ENDLESS]
ODDITIES = [Call("GET", "/"), Call("GET", "/nothing"), Call("POST", "/nothing"), Call("PATCH", "/healthz"),
            Call("OPTIONS", "/healthz"), Call("GET", "/static/nothing.js"), Call("GET", "/static/../app/main.py"),
            Call("GET", "/static/%2e%2e/app/main.py"), Call("GET", "/openapi.json"), Call("GET", "/docs"),
            Call("TRACE", "/healthz"), Call("GET", "/api/graphs/Not-An-Id"), Call("GET", "/api/graphs/a%00b"),
            Call("DELETE", "/api/graphs/" + "a" * 500)]  # fmt: skip
OTHER_NAMES = ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "0.0.0.0:{port}", "localhost",
               "localhost.:{port}", "[::1]", "127.1:{port}", "", "localhost:{port}@x"]  # fmt: skip
PROMISED = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


def ask(server: Server, call: Call, headers: dict[str, str] | None = None, body: bytes = b"") -> httpx.Response:
    return server.client.request(call.method, call.path, headers=headers, content=body)


def must_be_a_clean_problem(answer: httpx.Response, status: int) -> None:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert problem.keys() >= {"type", "title", "detail", "code"}
    assert problem["detail"].endswith(".")
    must_not_leak(answer)
    must_be_guarded(answer)


def must_not_leak(answer: httpx.Response) -> None:
    assert not re.search(r"Traceback|\.py\b|site-packages|/etc/|/home/|/tmp/", answer.text)
    assert str(ROOT) not in answer.text
    assert "server" not in answer.headers


def must_be_guarded(answer: httpx.Response) -> None:
    assert PROMISED.items() <= dict(answer.headers).items()
    policy = answer.headers["content-security-policy"]
    nonce = re.search(r"'nonce-([\w-]{20,})'", policy)
    assert nonce
    assert policy == POLICY.format(nonce=nonce[1])
    assert "unsafe" not in policy
    assert "permissions-policy" in answer.headers
    assert "cache-control" in answer.headers
    assert "access-control-allow-origin" not in answer.headers


# The sweep


@pytest.mark.parametrize("call", QUICK + ODDITIES, ids=str)
def test_every_answer_is_guarded_and_every_error_is_a_problem(odd_server: Server, call: Call) -> None:
    answer = ask(odd_server, call)
    must_be_guarded(answer)
    must_not_leak(answer)
    if answer.status_code >= 400:
        must_be_a_clean_problem(answer, answer.status_code)


@pytest.mark.parametrize("call", changing(QUICK + ODDITIES), ids=str)
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "http://127.0.0.1"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "https://{host}"},
        {"Origin": "http://{host}/"},
        {"Origin": "http://{host}.evil.example"},
        {"Origin": "http://localhost:{port}"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Origin": "http://{host}"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
    ],
    ids=str,
)
def test_no_other_page_changes_anything(odd_server: Server, call: Call, headers: dict[str, str]) -> None:
    host = f"127.0.0.1:{odd_server.port}"
    sent = {name: value.format(host=host, port=odd_server.port) for name, value in headers.items()}
    must_be_a_clean_problem(ask(odd_server, call, sent), 403)


@pytest.mark.parametrize("call", QUICK + ODDITIES, ids=str)
@pytest.mark.parametrize("host", OTHER_NAMES)
def test_the_server_answers_to_its_own_names_alone(odd_server: Server, call: Call, host: str) -> None:
    headers = {"Host": host.format(port=odd_server.port), "Origin": "http://" + host.format(port=odd_server.port)}
    must_be_a_clean_problem(ask(odd_server, call, headers), 421)


@pytest.mark.parametrize("call", QUICK, ids=str)
def test_no_route_takes_more_than_the_largest_upload(odd_server: Server, call: Call) -> None:
    """Announced only: the refusal comes before a byte of it is sent."""
    limits = Limits()
    head = f"{call.method} {call.path} HTTP/1.1\r\nHost: 127.0.0.1:{odd_server.port}\r\n"
    assert status_of(odd_server, head + f"Content-Length: {limits.upload_bytes + 1}\r\n\r\n") == 413
    if call.limit is None:
        assert status_of(odd_server, head + f"Content-Length: {limits.json_bytes + 1}\r\n\r\n") == 413


@pytest.mark.parametrize("call", reading(QUICK), ids=str)
def test_other_pages_load_nothing_of_ours(odd_server: Server, call: Call) -> None:
    for mode in ("cors", "no-cors"):
        headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": mode}
        must_be_a_clean_problem(ask(odd_server, call, headers), 403)


def test_the_sweep_found_routes() -> None:
    assert len(changing(QUICK)) > 5
    assert Call("PUT", "/api/graphs/nothing") in QUICK


# What is let through


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "[::1]", "LOCALHOST"])
@pytest.mark.parametrize("extra", [{}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}], ids=str)
def test_our_own_pages_and_programs_change_things(odd_server: Server, name: str, extra: dict[str, str]) -> None:
    host = f"{name}:{odd_server.port}"
    for origin in ({}, {"Origin": f"http://{host.lower()}"}):
        answer = odd_server.client.post("/odd/small", json={"rate": 1}, headers={"Host": host, **origin, **extra})
        assert answer.status_code == 200


def test_other_pages_may_link_to_ours(odd_server: Server) -> None:
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    assert odd_server.client.get("/healthz", headers=headers).status_code == 200


def test_every_answer_has_a_nonce_of_its_own(odd_server: Server) -> None:
    answers = [odd_server.client.get("/odd/nonce") for _ in range(20)]
    assert all(f"'nonce-{answer.json()}'" in answer.headers["content-security-policy"] for answer in answers)
    assert len({answer.json() for answer in answers}) == 20


# Sizes


def chunks(size: int) -> Iterator[bytes]:
    for _ in range(size // 65_536 + 1):
        yield b" " * 65_536


@pytest.mark.parametrize(("method", "path", "kind"), [
    ("PUT", "/odd/raw", "text/plain"),
    ("POST", "/odd/small", "application/json"),
    ("POST", "/api/graphs", "application/json"),
    ("PUT", "/api/graphs/nothing", "application/json"),
    ("POST", "/odd/model", "application/json"),
])  # fmt: skip
def test_a_body_of_unknown_length_is_counted_as_it_comes(odd_server: Server, method: str, path: str, kind: str) -> None:
    size = Limits().model_bytes if path == "/odd/model" else Limits().json_bytes
    answer = odd_server.client.request(
        method, path, content=chunks(size), headers={"Content-Type": kind, "If-Match": '"1"'}
    )
    must_be_a_clean_problem(answer, 413)
    assert answer.json()["limit"] == size


def test_a_body_just_small_enough_is_taken(odd_server: Server) -> None:
    size = Limits().json_bytes
    assert odd_server.client.put("/odd/raw", content=b"x" * size).json() == size
    assert odd_server.client.put("/odd/raw", content=b"x" * (size + 1)).status_code == 413


def test_an_upload_may_be_larger_than_json(odd_server: Server) -> None:
    content = b"x" * (3 * Limits().json_bytes)
    assert odd_server.client.post("/odd/upload", files={"file": content}).json() == len(content)


def test_a_head_that_is_too_large_is_refused(odd_server: Server) -> None:
    large = "x" * (Limits().head_bytes - 500)
    assert odd_server.client.get("/healthz", headers={"X-Large": large}).status_code == 200
    answer = odd_server.client.get("/healthz", headers={"X-Large": large + "x" * 500})
    assert answer.status_code == 431


def test_a_head_that_never_ends_is_cut_off(odd_server: Server) -> None:
    with socket.create_connection(("127.0.0.1", odd_server.port), timeout=30) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\n")
        sent = 0
        try:
            while sent < 50_000_000:
                sent += connection.send(b"X-More: " + b"x" * 8000 + b"\r\n")
            pytest.fail("The server took 50 MB of headers.")
        except (ConnectionError, BrokenPipeError):
            pass


@pytest.mark.parametrize("names", [[], ["ours", "evil.example"], ["evil.example", "ours"], ["ours", "ours"]])
def test_no_host_and_two_hosts_are_refused(odd_server: Server, names: list[str]) -> None:
    ours = f"127.0.0.1:{odd_server.port}"
    headers = "".join(f"Host: {ours if name == 'ours' else name}\r\n" for name in names)
    sent = f"GET /healthz HTTP/1.1\r\n{headers}\r\n"
    assert status_of(odd_server, sent) == 421


@pytest.mark.parametrize("target", ["http://evil.example/healthz", "//evil.example/healthz"])
def test_the_target_does_not_stand_in_for_the_host(odd_server: Server, target: str) -> None:
    assert status_of(odd_server, f"GET {target} HTTP/1.1\r\nHost: evil.example\r\n\r\n") == 421


def test_websockets_are_refused(odd_server: Server) -> None:
    upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: YQ==\r\n"
    sent = f"GET /nothing HTTP/1.1\r\nHost: 127.0.0.1:{odd_server.port}\r\n{upgrade}\r\n"
    assert status_of(odd_server, sent) == 404


def status_of(server: Server, sent: str) -> int:
    """The status of an answer to bytes that no proper client would send."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        connection.sendall(sent.encode())
        return int(connection.recv(65_536).split(b" ")[1])


# Who may reach us


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "[::1]", "127.0.0.53"])
def test_this_machine_alone_is_always_allowed(host: str) -> None:
    assert remote_refusal(host, allowed=False) is None


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "example.org", ""])
def test_everyone_else_must_be_asked_for(host: str) -> None:
    refused = remote_refusal(host, allowed=False)
    assert refused
    assert "--allow-remote" in refused
    assert remote_refusal(host, allowed=True) is None
