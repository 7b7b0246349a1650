"""The database: one file, one writer at a time, readers that never wait for it.

What a person was told is saved is on the disk: every commit is synced (`synchronous=FULL`). All SQL stands in
this package; functions of the other modules take the `Reader` or `Transaction` that they work in, so that
several of them can be one transaction.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from app.errors import DiskFull, NotOurDatabase, StoreError

PATIENCE = 20.0  # seconds that a writer waits for another process's transaction
Value = str | int | float | bytes | None
Row = tuple[Any, ...]


class Reader:
    """Sees one moment of the database, however long it looks. Do not keep it: the log grows meanwhile."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def one(self, sql: str, values: Sequence[Value] = ()) -> Row | None:
        row: Row | None = self._connection.execute(sql, values).fetchone()
        return row

    def all(self, sql: str, values: Sequence[Value] = ()) -> list[Row]:
        return self._connection.execute(sql, values).fetchall()


class Transaction(Reader):
    """A reader that also writes; what it wrote is there for others once its `with` is left."""

    def execute(self, sql: str, values: Sequence[Value] = ()) -> int:
        """Run one statement; the number of rows that it changed."""
        return self._connection.execute(sql, values).rowcount


class Database:
    """An open database file of the newest version; see `app.store.migrations` for how it gets there."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._turn = threading.RLock()
        self._writer = connect(path)
        self._idle: list[sqlite3.Connection] = []
        self._closed = False

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """All of it is committed and synced when the `with` is left, or none of it where it raises."""
        with self._turn:
            if self._writer.in_transaction:
                raise RuntimeError("write() inside write(): hand the transaction on instead.")
            with transaction(self._writer, "BEGIN IMMEDIATE"):
                yield Transaction(self._writer)

    @contextmanager
    def read(self) -> Iterator[Reader]:
        """One unchanging view of what is committed, on a connection of the caller's own."""
        connection = self._borrow()
        try:
            with transaction(connection, "BEGIN"):
                yield Reader(connection)
        finally:
            self._give_back(connection)

    def close(self) -> None:
        with self._turn:
            self._closed = True
            while self._idle:
                self._idle.pop().close()
            self._writer.close()

    def _borrow(self) -> sqlite3.Connection:
        try:
            return self._idle.pop()
        except IndexError:
            connection = connect(self._path)
            connection.execute("PRAGMA query_only = ON")
            return connection

    def _give_back(self, connection: sqlite3.Connection) -> None:
        if self._closed:
            connection.close()
        else:
            self._idle.append(connection)


def connect(path: Path, synchronous: str = "FULL") -> sqlite3.Connection:
    """A connection that leaves transactions to us and may be used by one thread after another."""
    connection = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute(f"PRAGMA synchronous = {synchronous}")
        _use_write_ahead_log(connection)
    except sqlite3.DatabaseError as error:
        connection.close()
        raise _in_our_words(error, path) from error
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection, begin: str) -> Iterator[None]:
    """Commit at the end, roll back where anything is raised."""
    try:
        connection.execute(begin)
        yield
        connection.execute("COMMIT")
    except BaseException as error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        if _code(error) == sqlite3.SQLITE_FULL:
            raise DiskFull("The disk has no room left, so nothing was saved.") from error
        raise


def _use_write_ahead_log(connection: sqlite3.Connection) -> None:
    """Of several who change the mode of a new file at once, all but one are refused at once: ask again."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if _code(error) != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.01)


def _code(error: BaseException) -> int | None:
    """SQLite's own number for what went wrong; None where the error is not SQLite's."""
    return getattr(error, "sqlite_errorcode", None)


def _in_our_words(error: sqlite3.DatabaseError, path: Path) -> StoreError:
    if _code(error) in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
        return NotOurDatabase(
            f"The file {path} is damaged or is no database of ours. Move it away to start anew, or put back a copy."
        )
    return StoreError(f"The database {path} cannot be opened: {error}.")
