"""What tests of runs share: tables that lie in a server's folder, and viewers that read its streams."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import numpy as np
from numpy.typing import ArrayLike

from app.store import Database, tables
from app.store.tables import Table
from tests.app.conftest import Server
from tests.engine.graphs import CALIFORNIA

ENDINGS = ("finished", "diverged", "failed")
PROJECTS = {"California": [0, 1, 0, 1], "Renewables": [0, 0, 1, 1], "Cost": [1, 5, 8, 10]}
NOW = "2026-11-22T00:00:00.000000Z"


def write_columns(folder: Path, columns: Mapping[str, ArrayLike]) -> dict[str, Any]:
    """A table's folder as the intake leaves it; its description."""
    folder.mkdir(parents=True)
    told = []
    for place, (name, values) in enumerate(columns.items()):
        np.save(folder / f"{place}.npy", np.asarray(values, np.float64))
        told.append({"name": name, "type": "number", "file": f"{place}.npy", "categories": None})
    rows = len(np.atleast_1d(next(iter(columns.values()))))
    return {"name": "Projects", "rows": rows, "columns": told}


def add_table(data_dir: Path, columns: Mapping[str, Sequence[float]] = PROJECTS, id: str = "projects") -> str:
    """Put a table into the folder of a server that may be running."""
    description = write_columns(data_dir / "tables" / id, columns)
    with closing(Database(data_dir / "backchannel.db")) as database, database.write() as transaction:
        tables.add(transaction, Table(id, "Projects", json.dumps(description), NOW))
    return id


def workers(count: int, combinator: str = "addition") -> dict[str, Any]:
    """A graph of so many workers under one combinator."""
    names = [f"w{place}" for place in range(count)]
    nodes = [{"id": "in", "kind": "columns"}, {"id": "all", "kind": combinator}, {"id": "out", "kind": "estimate"}]
    wires = [{"source": "in", "target": name} for name in names] + [{"source": name, "target": "all"} for name in names]
    return {
        "format": "backchannel.graph",
        "version": 1,
        "name": "Workers",
        "nodes": [*nodes, *({"id": name, "kind": "linear"} for name in names)],
        "wires": [*wires, {"source": "all", "target": "out"}],
    }


def asked(**more: Any) -> dict[str, Any]:
    """The body of a run on the projects."""
    return {"graph": CALIFORNIA, "table": "projects", "target": "Cost", **more}


def start(server: Server, **more: Any) -> str:
    """Start a run; its id."""
    answer = server.client.post("/api/runs", json=asked(**more))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def endless(**more: Any) -> dict[str, Any]:
    """What is asked for of a run that goes on until someone ends it: a hundred steps every 50 ms."""
    return {"settings": {"epochs": 10_000_000, "schedule": "constant"}, "pace": {"steps_per_second": 2000}, **more}


def read(server: Server, id: str) -> dict[str, Any]:
    answer = server.client.get(f"/api/runs/{id}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def tell(server: Server, id: str, command: str) -> dict[str, Any]:
    answer = server.client.post(f"/api/runs/{id}/{command}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def change(server: Server, id: str, **what: Any) -> dict[str, Any]:
    answer = server.client.patch(f"/api/runs/{id}", json=what)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


@dataclass(frozen=True)
class Seen:
    """An event as a viewer got it; `id` is None where it had none."""

    id: int | None
    kind: str
    data: dict[str, Any]


class Viewer:
    """One open stream."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self.seen: list[Seen] = []
        self.pings = 0
        self.retry: int | None = None
        self._lines = response.iter_lines()

    def next(self) -> Seen | None:
        """The next event; None at the end of the stream."""
        fields: dict[str, str] = {}
        for line in self._lines:
            if line.startswith(":"):
                self.pings += 1
            elif line:
                name, _, value = line.partition(": ")
                fields[name] = value
            elif "data" in fields:
                id = int(fields["id"]) if "id" in fields else None
                self.seen.append(Seen(id, fields["event"], json.loads(fields["data"])))
                return self.seen[-1]
            elif "retry" in fields:
                self.retry = int(fields.pop("retry"))
        return None

    def until(self, *kinds: str) -> Seen:
        """Read on to the first event of these kinds."""
        while seen := self.next():
            if seen.kind in kinds:
                return seen
        raise AssertionError(f"The stream ended before {kinds}; it had {[seen.kind for seen in self.seen]}")

    def until_step(self, step: int) -> Seen:
        """Read on to the first reading of this step or a later one."""
        while (seen := self.until("reading")).data["step"] < step:
            pass
        return seen

    def rest(self) -> list[Seen]:
        """All events to the end of the stream."""
        while self.next():
            pass
        return self.seen


@contextmanager
def watching(server: Server, id: str, after: int | None = None, **more: Any) -> Iterator[Viewer]:
    """Watch a run, in a client of one's own."""
    headers = {} if after is None else {"Last-Event-ID": str(after)}
    with (
        httpx.Client(base_url=server.base_url, timeout=60) as client,
        client.stream("GET", f"/api/runs/{id}/events", headers=headers, **more) as response,
    ):
        assert response.status_code == 200, response.read()
        assert response.headers["content-type"].startswith("text/event-stream")
        yield Viewer(response)


def watch(server: Server, id: str, after: int | None = None) -> list[Seen]:
    """Everything from after an event to the end of the run."""
    with watching(server, id, after) as viewer:
        return viewer.rest()


def model(server: Server, id: str) -> dict[str, Any]:
    answer = server.client.get(f"/api/runs/{id}/model")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def process_of(server: Server, id: str, before: int | None = None) -> int:
    """The process that works on a run, another than the one before; that one where the run was given up."""
    lock = server.data_dir / "runs" / id / "lock"
    while True:
        written = lock.read_text().strip() if lock.exists() else ""
        if written and int(written) != before:
            return int(written)
        if before and read(server, id)["state"] == "failed":
            return before
        time.sleep(0.005)


def kill_process(server: Server, id: str) -> None:
    """Kill -9 the process that works on a run, and wait for what comes after."""
    process = process_of(server, id)
    os.kill(process, signal.SIGKILL)
    process_of(server, id, before=process)


def wait_for_end(server: Server, id: str) -> None:
    """Wait until no process works on a run."""
    with (server.data_dir / "runs" / id / "lock").open() as file:
        fcntl.flock(file, fcntl.LOCK_EX)


def refusal(answer: httpx.Response) -> tuple[int, str, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, answer.json()["code"], answer.json()["detail"]
