"""Forms with a file, however they are cut on their way, and whatever else comes instead."""

from __future__ import annotations

import asyncio
import itertools
import tempfile
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
from fastapi import Request
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.types import Message

from app.importing.upload import PIECE, Upload, receive
from app.problems import HTTPProblem
from tests.app.uploads import form

NAME = b'Content-Disposition: form-data; name="name"\r\n\r\nGr\xc3\xb6\xc3\x9fe'


def received(
    chunks: Sequence[bytes], headers: dict[str, str], patience: float = 5.0, pause: float = 0.0
) -> tuple[Upload, bytes]:
    """What `receive` makes of a body that comes in these pieces."""

    async def pieces() -> AsyncIterator[Message]:
        for chunk in chunks:
            await asyncio.sleep(pause)
            yield {"type": "http.request", "body": chunk, "more_body": True}
        yield {"type": "http.request", "body": b"", "more_body": False}

    async def run(path: Path) -> tuple[Upload, bytes]:
        coming = pieces()
        scope = {"type": "http", "headers": [(k.lower().encode(), v.encode()) for k, v in headers.items()]}
        upload = await receive(Request(scope, lambda: anext(coming)), path, patience=patience)
        return upload, path.read_bytes()

    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(run(Path(folder, "upload")))


def cut(body: bytes, places: Sequence[int]) -> list[bytes]:
    edges = sorted({0, len(body), *(place % (len(body) + 1) for place in places)})
    return [body[low:high] for low, high in itertools.pairwise(edges)]


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300), st.lists(st.integers(0, 1000), max_size=40))
def test_it_is_the_same_however_it_is_cut(content: bytes, places: list[int]) -> None:
    content = content.replace(b"\r\n--xyz", b"")
    body, headers = form(content, NAME)
    upload, written = received(cut(body, places), headers)
    assert written == content
    assert (upload.name, upload.size, dict(upload.fields)) == ("a.csv", len(content), {"name": "Größe"})


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 400), st.binary(max_size=4)), min_size=1, max_size=6))
def test_what_is_damaged_is_refused_or_read(changes: list[tuple[int, bytes]]) -> None:
    body, headers = form(b"a,b\n1,2\n" * 10, NAME)
    for place, instead in changes:
        body = body[:place] + instead + body[place + 1 :]
    try:
        received([body], headers)
    except HTTPProblem as refused:
        assert refused.status_code in (400, 422)


def test_a_large_file_goes_to_the_disk_in_pieces() -> None:
    content = b"0123456789abcdef" * (PIECE // 4)
    body, headers = form(content)
    upload, written = received([body[at : at + 65_536] for at in range(0, len(body), 65_536)], headers)
    assert (upload.size, written == content) == (len(content), True)


def test_a_sender_that_stops_halfway_is_not_waited_for() -> None:
    body, headers = form(b"a,b\n1,2\n")
    with pytest.raises(HTTPProblem) as refused:
        received([body[:50], body[50:]], headers, patience=0.05, pause=0.2)
    assert refused.value.status_code == 408


@pytest.mark.parametrize("type", ["", "text/csv", "multipart/form-data", "multipart/mixed; boundary=xyz", "\x00;="])
def test_only_a_form_is_taken(type: str) -> None:
    with pytest.raises(HTTPProblem) as refused:
        received([form(b"a\n1\n")[0]], {"Content-Type": type})
    assert refused.value.status_code == 415
