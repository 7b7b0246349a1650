"""What a run reported: numbered events, only ever added to, in a file of the run's own.

Kept with `synchronous=NORMAL`: a loss of power may cost the last moments of a curve, never the file. A killed
process costs nothing that was appended.
"""

from __future__ import annotations

import sqlite3
import threading
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from app.errors import NewerDatabase
from app.store.database import connect, transaction

VERSION = 1
LEAST = 512  # bytes; below this, packing saves nothing
LEVEL = 1  # of zlib: the cheapest already halves a reading
EVENTS = (
    "CREATE TABLE events (number INTEGER PRIMARY KEY, kind TEXT NOT NULL, packed INTEGER NOT NULL, "
    "payload BLOB NOT NULL)"
)


@dataclass(frozen=True)
class Event:
    """`payload` is JSON that is already encoded. Numbers start at 1 and have no gaps."""

    number: int
    kind: str
    payload: bytes


class RunLog:
    """One run's log. Any thread may use it; the process that trains may hold the same file open beside it."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._connection = connect(path, synchronous="NORMAL")
        try:
            _prepare(self._connection, path)
        except BaseException:
            self._connection.close()
            raise

    def append(self, events: Iterable[tuple[str, bytes]]) -> int:
        """Add (kind, payload) pairs in one transaction; the number of the last event in the log."""
        packed = [(kind, *_pack(payload)) for kind, payload in events]
        with self._lock, transaction(self._connection, "BEGIN IMMEDIATE"):
            first = self._last() + 1
            rows = [(number, *row) for number, row in enumerate(packed, first)]
            self._connection.executemany("INSERT INTO events VALUES (?, ?, ?, ?)", rows)
        return first - 1 + len(rows)

    def after(self, number: int, *, kinds: Sequence[str] = (), limit: int = 1000) -> list[Event]:
        """The events that follow a number, in order; of some kinds only, where they are named."""
        chosen = f"AND kind IN ({', '.join('?' for _ in kinds)})" if kinds else ""
        sql = f"SELECT * FROM events WHERE number > ? {chosen} ORDER BY number LIMIT ?"
        with self._lock:
            rows = self._connection.execute(sql, (number, *kinds, limit)).fetchall()
        return [Event(row[0], row[1], _unpack(row[2], row[3])) for row in rows]

    def count(self) -> int:
        """How many events there are, which is also the number of the last."""
        with self._lock:
            return self._last()

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _last(self) -> int:
        return int(self._connection.execute("SELECT coalesce(max(number), 0) FROM events").fetchone()[0])


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    if _version(connection) == VERSION:
        return
    with transaction(connection, "BEGIN IMMEDIATE"):
        version = _version(connection)
        if version > VERSION:
            raise NewerDatabase(f"The log {path} was written by a newer Backchannel. Install that to read it.")
        if version == 0:
            connection.execute(EVENTS)
            connection.execute(f"PRAGMA user_version = {VERSION}")


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _pack(payload: bytes) -> tuple[int, bytes]:
    if len(payload) >= LEAST:
        packed = zlib.compress(payload, LEVEL)
        if len(packed) < 0.9 * len(payload):
            return 1, packed
    return 0, payload


def _unpack(packed: int, payload: bytes) -> bytes:
    return zlib.decompress(payload) if packed else payload
