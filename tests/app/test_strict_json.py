"""JSON from outside: what may be read in two ways is not read at all."""

from __future__ import annotations

import json
import random

import httpx
import orjson
import pytest

from app.config import Limits
from app.problems import HTTPProblem
from app.strict_json import parse
from tests.app.conftest import Server

LIMITS = Limits(json_depth=4, json_number_length=400, json_keys=5)

READ = [
    (b"0", 0),
    (b' [1, -2.5e-3, true, null, "a"]\n', [1, -0.0025, True, None, "a"]),
    (b'{"a": {"a": {"a": [1]}}}', {"a": {"a": {"a": [1]}}}),
    (b'[{"a": 1}, {"a": 2}]', [{"a": 1}, {"a": 2}]),
    (b'["a", "a"]', ["a", "a"]),
    (b'{"a": "b", "b": "a"}', {"a": "b", "b": "a"}),
    (b'{"a": "a:", "c": "\\":", "d": "{[{[{["}', {"a": "a:", "c": '":', "d": "{[{[{["}),
    (b'"\\ud83d\\ude00"', "\U0001f600"),
    ('"\U0001f600 é"'.encode(), "\U0001f600 é"),
    (b'"NaN Infinity 1e999 \\\\ud800"', "NaN Infinity 1e999 \\ud800"),
    (b"[" + b"9" * 300 + b"]", [int("9" * 300)]),
    (b"1" + b"0" * 308, 10**308),
    (b"1.7976931348623157e308", 1.7976931348623157e308),
    (b"1e-999", 0.0),
    (b"0." + b"3" * 398, 1 / 3),
]
REFUSED = [
    (b"", "json-empty"),
    (b" \n", "json-empty"),
    (b"{", "json-syntax"),
    (b"{'a': 1}", "json-syntax"),
    (b'{"a": 1,}', "json-syntax"),
    (b"[1] [2]", "json-syntax"),
    (b"[01]", "json-syntax"),
    (b"[1.]", "json-syntax"),
    (b"[+1]", "json-syntax"),
    (b"[1 // one\n]", "json-syntax"),
    (b'"a\nb"', "json-syntax"),
    (b'"\\x41"', "json-syntax"),
    (b'"\\u00g0"', "json-syntax"),
    (b'["never closed', "json-syntax"),
    (b'["never closed\\"]', "json-syntax"),
    (b"True", "json-syntax"),
    (b"NaN", "json-constant"),
    (b'{"a": [NaN]}', "json-constant"),
    (b"[Infinity]", "json-constant"),
    (b"[-Infinity]", "json-constant"),
    (b"[1e999]", "json-number"),
    (b"[-1E+999]", "json-number"),
    (b"[" + b"9" * 310 + b"]", "json-number"),
    (b"[" + b"1" * 401 + b"]", "json-number"),
    (b"[0." + b"1" * 400 + b"]", "json-number"),
    (b'{"a": 1, "a": 1}', "json-duplicate"),
    (b'{"a": 1, "\\u0061": 2}', "json-duplicate"),
    (b'{"a": 1, "b": [{"c": 1, "d": {}, "c": 2}]}', "json-duplicate"),
    (b'{"a" : 1, "a"\n: 1}', "json-duplicate"),
    (b'"\\ud800"', "json-surrogate"),
    (b'["\\udc00\\ud800"]', "json-surrogate"),
    (b'{"\\udfff": 1}', "json-surrogate"),
    (b"[[[[[]]]]]", "json-depth"),
    (b'{"a":{"a":{"a":{"a":{}}}}}', "json-depth"),
    (b"[" * 100_000, "json-depth"),
    (b'{"a":1,"b":1,"c":1,"d":1,"e":1,"f":1}', "json-keys"),
    (b'"\xff"', "json-encoding"),
    (b'"\xed\xa0\x80"', "json-encoding"),
    (b"\xef\xbb\xbf{}", "json-encoding"),
    ("{}".encode("utf-16"), "json-encoding"),
]


@pytest.mark.parametrize(("body", "value"), READ)
def test_plain_json_is_read(body: bytes, value: object) -> None:
    assert parse(body, LIMITS) == value


@pytest.mark.parametrize(("body", "code"), REFUSED)
def test_what_could_be_misread_is_refused(body: bytes, code: str) -> None:
    with pytest.raises(HTTPProblem) as caught:
        parse(body, LIMITS)
    details = caught.value.details
    assert (details.status, details.code) == (400, code)
    assert details.detail.endswith(".")


def test_the_place_is_named() -> None:
    with pytest.raises(HTTPProblem, match=r"at line 2, column 10\."):
        parse(b'{"a": 1,\n "b": 2, "a": 3}', LIMITS)
    with pytest.raises(HTTPProblem, match=r"byte 4 "):
        parse(b'"ab\xff"', LIMITS)


def test_whatever_is_read_a_stricter_reader_reads_alike() -> None:
    letters = '{}[]",:\\u0123456789dDcCeE+-. \ntrufalsn"a'
    choice = random.Random(7)
    read = 0
    for _ in range(60_000):
        body = "".join(choice.choices(letters, k=choice.randrange(1, 14))).encode()
        try:
            value = parse(body, LIMITS)
        except HTTPProblem:
            continue
        read += 1
        assert orjson.loads(body) == value
    assert read > 500


def test_a_graph_of_the_largest_size_we_promise_is_read() -> None:
    nodes = [{"id": f"n{i}", "kind": "linear", "settings": {}, "position": {"x": i, "y": 0}} for i in range(10_000)]
    wires = [{"source": f"n{i}", "target": f"n{i + 1}"} for i in range(20_000)]
    graph = {"format": "backchannel.graph", "nodes": nodes, "wires": wires}
    assert parse(json.dumps(graph).encode(), Limits()) == graph


@pytest.mark.parametrize(
    "content_type",
    ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=a", "text/json",
     "application/vnd.api+json", "application/json; charset=latin-1", "application/json, text/plain"],
)  # fmt: skip
def test_only_application_json_is_taken_for_json(odd_server: Server, content_type: str) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    answer = odd_server.client.post("/odd/small", content=b'{"rate": 0.5}', headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (415, "json-type")


@pytest.mark.parametrize("content_type", ["application/json", "Application/JSON;charset=UTF-8"])
def test_application_json_is_taken(odd_server: Server, content_type: str) -> None:
    headers = {"Content-Type": content_type}
    assert odd_server.client.post("/odd/small", content=b'{"rate": 0.5}', headers=headers).status_code == 200


@pytest.mark.parametrize(("body", "code"), [(b"", "json-empty"), (b'{"rate": NaN}', "json-constant")])
def test_every_route_reads_strictly(odd_server: Server, body: bytes, code: str) -> None:
    answer = odd_server.client.post("/odd/small", content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_a_body_that_may_be_left_out_may_be_left_out(odd_server: Server) -> None:
    assert odd_server.client.post("/odd/optional").json() is None
    assert odd_server.client.post("/odd/optional", json={"a": 1}).json() == {"a": 1}


def test_a_large_body_is_read_as_a_small_one(odd_server: Server) -> None:
    large = httpx.Request("POST", "http://x", json={str(i): "a" * 100 for i in range(2000)}).content
    answer = odd_server.client.post("/odd/model", content=large, headers={"Content-Type": "application/json"})
    assert answer.json() == 2000
