"""What the store keeps: tables, graphs, runs, models, logs; and what it clears away."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from contextlib import closing
from dataclasses import FrozenInstanceError, replace
from pathlib import Path

import pytest

from app.errors import NewerDatabase
from app.store import RunLog, Store, graphs, is_id, models, new_id, open_store, runs, tables
from app.store.database import connect
from app.store.graphs import Conflict, GraphHead
from app.store.models import Model
from app.store.runs import NEXT, OVER, Refused, Run, State
from app.store.tables import InUse, Table
from tests.app.conftest import killed

NOW, LATER = "2026-11-22T00:00:00.000000Z", "2026-11-22T00:00:01.000000Z"
TABLE = Table("california", "California", '{"rows": 3}', NOW)
RUN = Run("r1", "{}", None, "california", "price", "{}", State.QUEUED, NOW)


@pytest.fixture
def filled(store: Store) -> Store:
    with store.database.write() as transaction:
        tables.add(transaction, TABLE)
        graphs.add(transaction, "g1", "One", "{}", NOW)
        runs.add(transaction, replace(RUN, graph_id="g1"))
    return store


def test_ids_are_long_enough_and_plain() -> None:
    made = {new_id() for _ in range(1000)}
    assert len(made) == 1000
    assert all(len(id) == 26 and is_id(id) for id in made)
    for bad in ("", "..", "a/b", ".hidden", "-x", "A", "ä", "a" * 65, "a\n"):
        assert not is_id(bad)


def test_a_folder_is_named_only_by_an_id(store: Store) -> None:
    assert store.table_folder("california").parent == store.tables_folder
    with pytest.raises(ValueError, match="no id"):
        store.run_folder("../tables")


def test_rows_are_values(filled: Store) -> None:
    with filled.database.read() as reader:
        found = tables.get(reader, "california")
    assert found == TABLE
    with pytest.raises(FrozenInstanceError):
        found.name = "other"  # type: ignore[misc]


# Tables


def test_a_table_that_a_run_needs_stays(filled: Store) -> None:
    with filled.database.write() as transaction:
        refused = tables.delete(transaction, "california", LATER)
        assert refused == InUse(("r1",))
        assert str(refused) == "A run still needs this table. Stop what runs or waits, then delete the table."
        assert tables.get(transaction, "california") == TABLE
        assert tables.ids(transaction) == {"california"}


def test_a_table_of_finished_runs_goes_and_the_runs_still_name_it(filled: Store) -> None:
    with filled.database.write() as transaction:
        runs.move(transaction, "r1", State.STOPPED, LATER)
        assert tables.delete(transaction, "california", LATER) == TABLE
        assert tables.delete(transaction, "california", LATER) is None
        assert tables.get(transaction, "california") is None
        assert tables.newest(transaction) == []
        assert tables.ids(transaction) == frozenset()
        kept = tables.get(transaction, "california", even_deleted=True)
    assert kept == replace(TABLE, deleted=LATER)


def test_a_table_is_renamed_unless_it_is_deleted(filled: Store) -> None:
    with filled.database.write() as transaction:
        assert tables.rename(transaction, "california", "Houses") == replace(TABLE, name="Houses")
        assert tables.rename(transaction, "absent", "Houses") is None


# Graphs


def test_a_graph_grows_a_version_with_every_change(store: Store) -> None:
    with store.database.write() as transaction:
        graphs.add(transaction, "g", "One", '{"a":1}', NOW)
        second = graphs.update(transaction, "g", expected=1, name="Two", json='{"a":2}', now=LATER)
        assert second == GraphHead("g", "Two", 2, NOW, LATER)
        third = graphs.update(transaction, "g", expected=None, name="Three", json='{"a":3}', now=LATER)
        assert isinstance(third, GraphHead)
        found = graphs.get(transaction, "g")
    assert found is not None
    assert (found.version, found.json, found.name) == (3, '{"a":3}', "Three")


def test_the_second_of_two_changes_is_told_and_changes_nothing(store: Store) -> None:
    with store.database.write() as transaction:
        graphs.add(transaction, "g", "One", "1", NOW)
        graphs.update(transaction, "g", expected=1, name="Theirs", json="2", now=LATER)
        conflict = graphs.update(transaction, "g", expected=1, name="Mine", json="3", now=LATER)
        assert conflict == Conflict(GraphHead("g", "Theirs", 2, NOW, LATER))
        assert isinstance(graphs.delete(transaction, "g", expected=1), Conflict)
        found = graphs.get(transaction, "g")
        assert found is not None
        assert found.json == "2"


def test_what_is_absent_is_none(store: Store) -> None:
    with store.database.write() as transaction:
        assert graphs.get(transaction, "g") is None
        assert graphs.update(transaction, "g", expected=1, name="", json="", now=NOW) is None
        assert graphs.delete(transaction, "g", expected=None) is None
        assert tables.delete(transaction, "t", NOW) is None
        assert runs.move(transaction, "r", State.RUNNING, NOW) is None
        assert runs.delete(transaction, "r") is None
        assert models.get(transaction, "m") is None
        assert models.delete(transaction, "m") is False


def test_runs_outlive_their_graph(filled: Store) -> None:
    with filled.database.write() as transaction:
        assert isinstance(graphs.delete(transaction, "g1", expected=1), GraphHead)
        assert runs.get(transaction, "r1") == RUN


# Runs


@pytest.mark.parametrize("start", State)
@pytest.mark.parametrize("to", State)
def test_a_run_goes_only_where_the_table_allows(filled: Store, start: State, to: State) -> None:
    with filled.database.write() as transaction:
        runs.add(transaction, replace(RUN, id="r2", state=start))
        moved = runs.move(transaction, "r2", to, LATER, problem="why")
        found = runs.get(transaction, "r2")
    if to in NEXT[start]:
        assert isinstance(moved, Run)
        assert found == moved
        assert moved.state is to
        assert moved.problem == "why"
        assert (moved.finished == LATER) == (to in OVER)
        assert (moved.started == LATER) == (to is State.RUNNING)
    else:
        assert moved == Refused(start)
        assert found == replace(RUN, id="r2", state=start)


def test_progress_keeps_the_last_score(filled: Store) -> None:
    with filled.database.write() as transaction:
        runs.progress(transaction, "r1", 10, '{"loss": 1}')
        runs.progress(transaction, "r1", 20)
        found = runs.get(transaction, "r1")
    assert found is not None
    assert (found.step, found.score) == (20, '{"loss": 1}')


def test_commands_are_numbered_for_each_run_and_go_with_it(filled: Store) -> None:
    with filled.database.write() as transaction:
        runs.add(transaction, replace(RUN, id="r2", state=State.FINISHED))
        for run, step in (("r1", 5), ("r2", 6), ("r1", 7)):
            runs.tell(transaction, run, step=step, name="learning_rate", value="0.1", now=LATER)
        assert [(c.number, c.step, c.value) for c in runs.commands(transaction, "r1")] == [(1, 5, "0.1"), (2, 7, "0.1")]
        assert runs.delete(transaction, "r1") == Refused(State.QUEUED)
        assert isinstance(runs.delete(transaction, "r2"), Run)
        assert runs.commands(transaction, "r2") == []


def test_runs_are_listed_by_graph_and_newest_first(filled: Store) -> None:
    with filled.database.write() as transaction:
        runs.add(transaction, replace(RUN, id="r2", created=LATER))
        assert [run.id for run in runs.newest(transaction)] == ["r2", "r1"]
        assert [run.id for run in runs.newest(transaction, graph_id="g1")] == ["r1"]
        assert runs.ids(transaction) == {"r1", "r2"}


# Models


def test_models_know_the_run_that_made_them(filled: Store) -> None:
    with filled.database.write() as transaction:
        models.add(transaction, Model("m1", "First", NOW, "r1", "{}"))
        models.add(transaction, Model("m2", "Second", LATER, "r1", "{}"))
        models.add(transaction, Model("m3", "Imported", NOW, None, '{"a":0.1}'))
        latest = models.of_run(transaction, "r1")
        assert latest is not None
        assert latest.id == "m2"
        assert models.get(transaction, "m3") == Model("m3", "Imported", NOW, None, '{"a":0.1}')
        assert [model.id for model in models.newest(transaction)] == ["m2", "m1", "m3"]
        assert models.delete(transaction, "m2") is True
        runs.move(transaction, "r1", State.STOPPED, LATER)
        runs.delete(transaction, "r1")
        orphan = models.get(transaction, "m1")
        assert orphan is not None
        assert orphan.run_id is None


# Logs of runs


def test_events_are_numbered_without_gaps(store: Store) -> None:
    with store.run_log("r1") as log:
        assert log.count() == 0
        assert log.append([]) == 0
        assert log.append([("started", b"{}"), ("reading", b"[1]")]) == 2
        assert log.append([("series", b"x" * 5000)]) == 3
        assert [(event.number, event.kind) for event in log.after(0)] == [
            (1, "started"), (2, "reading"), (3, "series"),
        ]  # fmt: skip
        assert [event.number for event in log.after(1, limit=1)] == [2]
        assert [event.number for event in log.after(0, kinds=("series", "started"))] == [1, 3]
        assert log.after(3) == []
    with store.run_log("r1") as log:
        assert log.count() == 3


def test_payloads_come_back_to_the_byte_and_are_packed_where_it_pays(store: Store) -> None:
    plain = [b"", b"{}", b'{"loss":0.25}' * 400, bytes(range(256)) * 8, new_id().encode() * 2]
    with store.run_log("r1") as log:
        log.append(("reading", payload) for payload in plain)
        assert [event.payload for event in log.after(0)] == plain
    with closing(connect(store.run_folder("r1") / "log.db")) as connection:
        sizes = [row[0] for row in connection.execute("SELECT length(payload) FROM events ORDER BY number")]
    assert sizes[2] < len(plain[2]) / 10
    assert sizes[4] == len(plain[4])


def test_a_second_holder_of_a_log_reads_what_the_first_appends(store: Store) -> None:
    with store.run_log("r1") as writer, store.run_log("r1") as reader:
        writer.append([("reading", b"1")])
        assert [event.payload for event in reader.after(0)] == [b"1"]
        assert reader.append([("reading", b"2")]) == 2


def test_a_log_of_a_newer_version_is_refused(store: Store) -> None:
    with store.run_log("r1"):
        pass
    with closing(connect(store.run_folder("r1") / "log.db")) as connection:
        connection.execute("PRAGMA user_version = 9")
    with pytest.raises(NewerDatabase, match="newer"):
        store.run_log("r1")


def test_appended_events_outlive_kill_9(tmp_path: Path, start_child: Callable[..., subprocess.Popen[str]]) -> None:
    path = tmp_path / "run" / "log.db"
    for number in range(30):
        last = int(killed(start_child("children", "append_events", path), number)[-1])
        with RunLog(path) as log:
            events = log.after(0, limit=100_000)
            assert log.count() >= last
        assert [event.number for event in events] == list(range(1, len(events) + 1))
        assert len(events) % 3 == 0
        assert all(event.payload == b"%d " % event.number * 1000 for event in events)


# Clearing away


def test_a_start_clears_away_what_a_crash_left(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        with store.database.write() as transaction:
            tables.add(transaction, TABLE)
            tables.add(transaction, replace(TABLE, id="gone"))
            tables.delete(transaction, "gone", LATER)
            runs.add(transaction, RUN)
        for name in ("california", "gone", "unfinished", ".tmp-1"):
            (store.tables_folder / name).mkdir()
        for name in ("r1", "r2"):
            store.run_folder(name).mkdir()
    with open_store(tmp_path) as store:
        assert [entry.name for entry in store.tables_folder.iterdir()] == ["california"]
        assert [entry.name for entry in store.runs_folder.iterdir()] == ["r1"]


def test_a_lost_database_does_not_cost_the_tables(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        (store.tables_folder / "california").mkdir()
    for file in tmp_path.glob("backchannel.db*"):
        file.unlink()
    with open_store(tmp_path) as store:
        assert (store.tables_folder / "california").is_dir()
