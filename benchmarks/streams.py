"""How soon a run is seen, and what those who watch cost the server: one JSON line a measure.

    python -m benchmarks.streams --starts 20 --viewers 0 1 50 200 500 --seconds 10

A real server on a socket of its own, California with twenty readings a second, and viewers that read all they are
sent. `timer` is how late a 5 ms timer in the server's own loop is: while nothing trains, and while California trains
at full speed and one viewer watches. `server_cpu_percent` is of one core and counts the server's process alone; that
of the run is beside it. The machine's other load shows in times, hardly in CPU.
"""

from __future__ import annotations

import argparse
import asyncio
import http.client
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from app.runs import children
from app.runs.process import Bounds
from app.runs.spec import RunSpec
from app.store import Database, tables
from app.store.tables import Table

NODES = [("in", "columns"), ("alex", "linear"), ("bo", "linear"), ("dani", "linear"), ("ely", "linear"),
         ("crowd", "average"), ("loudest", "maximum"), ("calm", "estimate"), ("bold", "estimate")]  # fmt: skip
WIRES = ["in alex", "in bo", "in dani", "in ely", "alex crowd", "bo crowd", "dani loudest", "ely loudest",
         "crowd calm", "loudest bold"]  # fmt: skip
GRAPH: dict[str, Any] = {
    "format": "backchannel.graph",
    "version": 1,
    "name": "California",
    "nodes": [{"id": id, "kind": kind} for id, kind in NODES],
    "wires": [dict(zip(("source", "target"), wire.split(), strict=True)) for wire in WIRES],
}
COLUMNS = {"California": [0, 1, 0, 1], "Renewables": [0, 0, 1, 1], "Cost": [1, 5, 8, 10]}
SERVE = """
import sys
from pathlib import Path
from functools import partial
from app.config import Config
from app.main import PACKAGES, create_app
from app.serve import serve
from benchmarks import routes
create = partial(create_app, packages=[*PACKAGES, routes])
serve(Config(Path(sys.argv[1]), port=0, examples=False), create=create)
"""
TIMES = 1_000
TICKS = os.sysconf("SC_CLK_TCK")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--starts", type=int, default=20)
    parser.add_argument("--viewers", type=int, nargs="*", default=[0, 1, 50, 200, 500])
    parser.add_argument("--seconds", type=float, default=10)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        table = write_table(Path(folder) / "data")
        show({"measure": "process", **processes(table, Path(folder), given.starts)})
        with server(Path(folder) / "data") as (port, pid):
            show({"measure": "start", **starts(port, given.starts)})
            show({"measure": "timer", "training": False, **late(port)})
            show({"measure": "timer", "training": True, **late_while_training(port)})
            for viewers in given.viewers:
                show({"measure": "viewers", **watched(port, pid, viewers, given.seconds)})


def show(measured: dict[str, Any]) -> None:
    print(
        json.dumps({name: round(value, 2) if isinstance(value, float) else value for name, value in measured.items()})
    )


# How soon


def processes(table: Path, folder: Path, count: int) -> dict[str, float]:
    """From asking for a process to its being there, and to the first reading that it says."""
    began = time.perf_counter()
    children.warm_up()
    warm = time.perf_counter() - began
    forked, read = [], []
    for number in range(count):
        run = folder / f"run-{number}"
        run.mkdir()
        spec = RunSpec("r", GRAPH, table, "California", description(), "Cost", {}, run)
        began = time.perf_counter()
        child = children.Child(spec, Bounds())
        child.start()
        forked.append(time.perf_counter() - began)
        while not any(kind == "reading" for kind, _ in child.receive()):
            pass
        read.append(time.perf_counter() - began)
        child.kill()
        child.join()
    return {"warm_up_ms": 1e3 * warm, **told("forked", forked), **told("first_reading", read)}


def starts(port: int, count: int) -> dict[str, float]:
    """From sending POST to its answer, and to the first reading in the hands of a viewer that then connects."""
    answered, read = [], []
    for _ in range(count):
        began = time.perf_counter()
        id = start(port, {"seconds": 0.3})
        answered.append(time.perf_counter() - began)
        with closing(http.client.HTTPConnection("127.0.0.1", port)) as connection:
            connection.request("GET", f"/api/runs/{id}/events")
            response = connection.getresponse()
            while not response.readline().startswith(b"event: reading"):
                pass
            read.append(time.perf_counter() - began)
            response.read()
    return {**told("answered", answered), **told("first_reading", read)}


def told(name: str, seconds: list[float]) -> dict[str, float]:
    return {f"{name}_ms_median": 1e3 * statistics.median(seconds), f"{name}_ms_most": 1e3 * max(seconds)}


# How late


def late(port: int) -> dict[str, Any]:
    return _ask(port, "GET", f"/api/lateness?times={TIMES}")


def late_while_training(port: int) -> dict[str, Any]:
    """The same beside a run at full speed that somebody watches."""
    id = start(port, None, epochs=10_000_000)

    async def both() -> dict[str, Any]:
        watching = asyncio.create_task(_view(port, id, [0]))
        await asyncio.sleep(1)
        found = await asyncio.to_thread(late, port)
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
        return found

    found = asyncio.run(both())
    _ask(port, "DELETE", f"/api/runs/{id}")
    return found


# How dear


def watched(port: int, pid: int, viewers: int, seconds: float) -> dict[str, Any]:
    """What so many viewers of one run cost."""
    id = start(port, {"steps_per_second": 2000}, epochs=10_000_000)
    events, cpu, memory = asyncio.run(_watch(port, pid, id, viewers, seconds))
    _ask(port, "DELETE", f"/api/runs/{id}")
    return {
        "viewers": viewers,
        "events_per_second_and_viewer": events / seconds / viewers if viewers else 0.0,
        "server_cpu_percent": 100 * cpu / seconds,
        "server_rss_mb": memory,
    }


async def _watch(port: int, pid: int, id: str, viewers: int, seconds: float) -> tuple[int, float, float]:
    seen = [0]
    watching = [asyncio.create_task(_view(port, id, seen)) for _ in range(viewers)]
    await asyncio.sleep(2)
    before, counted = cpu_of(pid), seen[0]
    await asyncio.sleep(seconds)
    found = seen[0] - counted, cpu_of(pid) - before, rss_of(pid)
    for task in watching:
        task.cancel()
    await asyncio.gather(*watching, return_exceptions=True)
    return found


async def _view(port: int, id: str, seen: list[int]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET /api/runs/{id}/events HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
    try:
        while chunk := await reader.read(1 << 16):
            seen[0] += chunk.count(b"event: reading")
    finally:
        writer.close()


def cpu_of(pid: int) -> float:
    """Seconds of processor time so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def rss_of(pid: int) -> float:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


# The server


@contextmanager
def server(folder: Path) -> Iterator[tuple[int, int]]:
    """A server on the folder; its port and process."""
    process = subprocess.Popen([sys.executable, "-c", SERVE, str(folder)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    port = int(process.stdout.readline().split(" (")[0].rpartition(":")[2])
    add_table(folder)
    time.sleep(1)
    try:
        yield port, process.pid
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


def write_table(folder: Path) -> Path:
    table = folder / "tables" / "california"
    table.mkdir(parents=True)
    for place, values in enumerate(COLUMNS.values()):
        np.save(table / f"{place}.npy", np.array(values, np.float64))
    return table


def description() -> dict[str, Any]:
    columns = [{"name": name, "type": "number", "file": f"{place}.npy"} for place, name in enumerate(COLUMNS)]
    return {"name": "California", "rows": 4, "columns": columns}


def add_table(folder: Path) -> None:
    """Told to the server behind its back: uploading is measured elsewhere."""
    write_table(folder) if not (folder / "tables" / "california").exists() else None
    row = Table("california", "California", json.dumps(description()), "2026-01-01T00:00:00.000000Z")
    with closing(Database(folder / "backchannel.db")) as database, database.write() as transaction:
        tables.add(transaction, row)


def start(port: int, pace: dict[str, float] | None, **settings: Any) -> str:
    body = {"graph": GRAPH, "table": "california", "target": "Cost", "settings": settings, "pace": pace}
    id: str = _ask(port, "POST", "/api/runs", json.dumps(body))["id"]
    return id


def _ask(port: int, method: str, path: str, body: str | None = None) -> dict[str, Any]:
    with closing(http.client.HTTPConnection("127.0.0.1", port)) as connection:
        connection.request(method, path, body, {"Content-Type": "application/json"} if body else {})
        response = connection.getresponse()
        content = response.read()
        assert response.status < 300, content
        answer: dict[str, Any] = json.loads(content) if content else {}
        return answer


if __name__ == "__main__":
    main()
