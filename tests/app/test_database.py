"""The database: transactions, its way from every older version, and what kill -9 may not do to it."""

from __future__ import annotations

import sqlite3
import subprocess
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from app.errors import DiskFull, FolderInUse, NewerDatabase, NotOurDatabase, StoreError
from app.store import Database, Store, Transaction, graphs, open_store
from app.store.database import connect
from app.store.migrations import Step, migrate, steps
from tests.app.conftest import killed

ROUNDS = 30
NEWEST = len(steps())


def schema(path: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()


def version(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


@pytest.mark.parametrize("older", range(NEWEST + 1))
def test_every_older_version_becomes_the_newest(tmp_path: Path, older: int) -> None:
    migrate(tmp_path / "fresh", steps())
    migrate(tmp_path / "old", steps()[:older])
    assert migrate(tmp_path / "old", steps()) == older
    assert version(tmp_path / "old") == NEWEST
    assert schema(tmp_path / "old") == schema(tmp_path / "fresh")


def make_first(transaction: Transaction) -> None:
    transaction.execute("CREATE TABLE parents (id INTEGER PRIMARY KEY)")
    transaction.execute("CREATE TABLE children (parent INTEGER REFERENCES parents (id))")
    transaction.execute("INSERT INTO parents VALUES (1)")
    transaction.execute("INSERT INTO children VALUES (1)")


def rebuild_parents(transaction: Transaction) -> None:
    transaction.execute("CREATE TABLE new_parents (id INTEGER PRIMARY KEY, name TEXT)")
    transaction.execute("INSERT INTO new_parents SELECT id, 'x' FROM parents")
    transaction.execute("DROP TABLE parents")
    transaction.execute("ALTER TABLE new_parents RENAME TO parents")


def forget_parents(transaction: Transaction) -> None:
    transaction.execute("DELETE FROM parents")


def fail_halfway(transaction: Transaction) -> None:
    transaction.execute("CREATE TABLE half (id)")
    transaction.execute("INSERT INTO parents VALUES (2, 'y')")
    raise RuntimeError("halfway")


def test_a_step_may_rebuild_a_table_that_others_point_to(tmp_path: Path) -> None:
    migrate(tmp_path / "db", [make_first, rebuild_parents])
    with closing(connect(tmp_path / "db")) as connection:
        assert connection.execute("SELECT * FROM parents").fetchall() == [(1, "x")]
        assert connection.execute("SELECT * FROM children").fetchall() == [(1,)]


@pytest.mark.parametrize("bad", [fail_halfway, forget_parents])
def test_a_step_that_fails_leaves_nothing(tmp_path: Path, bad: Step) -> None:
    path = tmp_path / "db"
    migrate(path, [make_first, rebuild_parents])
    before = schema(path)
    with pytest.raises((RuntimeError, sqlite3.IntegrityError)):
        migrate(path, [make_first, rebuild_parents, bad])
    assert (schema(path), version(path)) == (before, 2)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT * FROM parents").fetchall() == [(1, "x")]


def test_a_newer_database_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    with open_store(tmp_path):
        pass
    with closing(sqlite3.connect(tmp_path / "backchannel.db")) as connection:
        connection.execute(f"PRAGMA user_version = {NEWEST + 3}")
    with pytest.raises(NewerDatabase, match=f"is of version {NEWEST + 3}; .* up to {NEWEST}"), open_store(tmp_path):
        pass
    assert version(tmp_path / "backchannel.db") == NEWEST + 3


def test_what_is_no_database_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "backchannel.db"
    path.write_bytes(b"no database at all " * 100)
    with pytest.raises(NotOurDatabase, match="damaged or is no database"), open_store(tmp_path):
        pass
    assert path.read_bytes().startswith(b"no database")


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="--data-dir"), open_store(tmp_path / "file" / "data"):
        pass


def test_a_folder_is_held_by_one_at_a_time(tmp_path: Path) -> None:
    with open_store(tmp_path), pytest.raises(FolderInUse, match="--data-dir"), open_store(tmp_path):
        pass
    with open_store(tmp_path):
        pass


def test_the_folder_is_for_its_owner_alone(tmp_path: Path) -> None:
    with open_store(tmp_path / "data"):
        assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700


def test_three_processes_that_migrate_at_once_wait_for_one_another(
    tmp_path: Path, start_child: Callable[..., subprocess.Popen[str]]
) -> None:
    for number in range(4):
        path = tmp_path / f"{number}.db"
        children = [start_child("children", "migrate", path) for _ in range(3)]
        for child in children:
            assert child.stdout is not None
            assert child.stdout.readline() == "ready\n"
        for child in children:
            assert child.stdin is not None
            child.stdin.write("go\n")
            child.stdin.flush()
        for child in children:
            said = child.communicate()
            assert child.returncode == 0, said
        assert version(path) == NEWEST


def test_acknowledged_rows_outlive_kill_9(tmp_path: Path, start_child: Callable[..., subprocess.Popen[str]]) -> None:
    acknowledged: list[str] = []
    for number in range(ROUNDS):
        acknowledged += killed(start_child("children", "write_rows", tmp_path, number), number)
    with open_store(tmp_path) as store, store.database.read() as reader:
        rows: dict[str, str] = dict(reader.all("SELECT id, json FROM graphs"))
        assert reader.one("PRAGMA integrity_check") == ("ok",)
    assert len(acknowledged) > ROUNDS
    assert set(acknowledged) <= rows.keys()
    assert all(text == id * 1000 for id, text in rows.items())


def add(transaction: Transaction, id: str) -> None:
    graphs.add(transaction, id, "name", "{}", "now")


def count(database: Database) -> int:
    with database.read() as reader:
        return len(graphs.newest(reader))


def test_a_transaction_that_raises_changes_nothing(store: Store) -> None:
    with pytest.raises(KeyError), store.database.write() as transaction:
        add(transaction, "a")
        raise KeyError
    assert count(store.database) == 0
    with store.database.write() as transaction:
        add(transaction, "a")
    assert count(store.database) == 1


def test_a_reader_sees_one_moment(store: Store) -> None:
    with store.database.read() as reader:
        assert graphs.newest(reader) == []
        with store.database.write() as transaction:
            add(transaction, "a")
        assert graphs.newest(reader) == []
    assert count(store.database) == 1


def test_a_reader_cannot_write(store: Store) -> None:
    with pytest.raises(sqlite3.OperationalError, match="readonly"), store.database.read() as reader:
        reader.one("DELETE FROM graphs")


def test_a_transaction_inside_a_transaction_is_a_mistake(store: Store) -> None:
    refused = pytest.raises(RuntimeError, match="hand the transaction on")
    with store.database.write(), refused, store.database.write():
        pass


def test_every_connection_keeps_the_promises(store: Store) -> None:
    def settings(transaction: Transaction) -> list[object]:
        names = ("foreign_keys", "synchronous", "journal_mode")
        return [(transaction.one(f"PRAGMA {name}") or (None,))[0] for name in names]

    with store.database.write() as transaction:
        assert settings(transaction) == [1, 2, "wal"]


def test_many_threads_write_and_read_at_once(store: Store) -> None:
    failures: list[BaseException] = []

    def work(name: str) -> None:
        try:
            for number in range(20):
                with store.database.write() as transaction:
                    add(transaction, f"{name}{number}")
                count(store.database)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert count(store.database) == 80


def test_a_full_disk_is_said_and_nothing_is_half_saved(store: Store) -> None:
    with pytest.raises(DiskFull, match="no room left"), store.database.write() as transaction:
        pages = transaction.one("PRAGMA page_count")
        assert pages is not None
        transaction.one(f"PRAGMA max_page_count = {pages[0]}")
        for number in range(1000):
            graphs.add(transaction, str(number), "name", "x" * 10_000, "now")
    assert count(store.database) == 0
