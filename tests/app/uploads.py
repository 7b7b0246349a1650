"""Uploads for tests, and what a server's folder holds before and after."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import httpx

from tests.app.conftest import Server

PROJECTS = "California,Renewables,Cost ($m)\n0,0,1\n1,0,5\n0,1,8\n1,1,10\n"
MIXED = '''\
Size;City;Sold;New;Note;Price
80,5;Oslo;2024-01-31;yes;fine view;1.200
61;Lima;2024-02-29;no;"two
lines";950
;Oslo;;yes;"say ""hi""";1.000,25
75;;2023-12-01;no;=1+1;1.100
'''


def upload(server: Server, content: str | bytes, file_name: str = "projects.csv", **fields: str) -> httpx.Response:
    data = content.encode() if isinstance(content, str) else content
    return server.client.post("/api/tables", files={"file": (file_name, data)}, data=fields)


def uploaded(server: Server, content: str | bytes, **fields: str) -> dict[str, Any]:
    """The description of a table that must be taken."""
    answer = upload(server, content, **fields)
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


def many_rows(rows: int) -> bytes:
    """A table of this many rows of about 30 bytes."""
    lines = [f"{row},{row * 7 % 1000 / 8},{row % 13},{row % 7 * 1.5}" for row in range(rows)]
    return "\n".join(["a,b,c,target", *lines]).encode()


def form(content: bytes, *parts: bytes, boundary: bytes = b"xyz") -> tuple[bytes, dict[str, str]]:
    """A form with one file and further parts as they are, with its headers."""
    head = b'Content-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
    body = (
        b"".join(b"--%s\r\n%s\r\n" % (boundary, part) for part in (head + content, *parts)) + b"--%s--\r\n" % boundary
    )
    return body, {"Content-Type": f"multipart/form-data; boundary={boundary.decode()}"}


def slowly(body: bytes, pieces: int, seconds: float) -> Iterator[bytes]:
    """The body in pieces with pauses between them."""
    step = -(-len(body) // pieces)
    for start in range(0, len(body), step):
        yield body[start : start + step]
        time.sleep(seconds / pieces)


def left(server: Server) -> Sequence[str]:
    """Everything in the folders that uploads touch."""
    found = [path for folder in ("tables", "incoming") for path in (server.data_dir / folder).rglob("*")]
    return sorted(os.fspath(path.relative_to(server.data_dir)) for path in found)


def importers(server: Server) -> list[int]:
    """The ids of the processes that read files for this server."""
    assert server.process is not None
    return [child for child in _children(server.process.pid) if b"app.importing.child" in _command(child)]


def wait_for(condition: Any, seconds: float = 10.0) -> Any:
    """What the condition gives once it is true."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if found := condition():
            return found
        time.sleep(0.005)
    raise AssertionError("it did not come about")


def is_alive(process: int) -> bool:
    stat = Path(f"/proc/{process}/stat")
    try:
        return ") Z" not in stat.read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


def _children(process: int) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                stat = (entry / "stat").read_text()
            except (FileNotFoundError, ProcessLookupError):
                continue
            if int(re.split(r"\) ", stat)[-1].split()[1]) == process:
                found.append(int(entry.name))
    return found


def _command(process: int) -> bytes:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""
