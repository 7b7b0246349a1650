"""Runs: what was asked, how far it got, how it ended, and every command that a person gave on the way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum

from app.store.database import Reader, Transaction


class State(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPING = "stopping"
    FINISHED = "finished"
    STOPPED = "stopped"
    DIVERGED = "diverged"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


OVER = frozenset({State.FINISHED, State.STOPPED, State.DIVERGED, State.FAILED})
NEXT: Mapping[State, frozenset[State]] = {
    State.QUEUED: OVER | {State.RUNNING, State.PAUSED, State.STOPPING},
    State.RUNNING: OVER | {State.PAUSED, State.STOPPING, State.INTERRUPTED},
    State.PAUSED: OVER | {State.RUNNING, State.QUEUED, State.STOPPING, State.INTERRUPTED},
    State.STOPPING: OVER | {State.INTERRUPTED},
    State.INTERRUPTED: OVER | {State.QUEUED, State.RUNNING, State.STOPPING},
    **dict.fromkeys(OVER, frozenset[State]()),
}


@dataclass(frozen=True)
class Run:
    """`graph`, `settings` and `score` are JSON text; `graph` is as it was when the run was asked for."""

    id: str
    graph: str
    graph_id: str | None
    table_id: str
    target: str
    settings: str
    state: State
    created: str
    started: str | None = None
    finished: str | None = None
    step: int = 0
    score: str | None = None
    problem: str | None = None


@dataclass(frozen=True)
class Refused:
    """A run in this state cannot go where it was sent."""

    state: State


@dataclass(frozen=True)
class Command:
    """Something a person told a run, such as a new learning rate; `value` is JSON text.

    `step` is where the run obeyed it; `WAITS` until then.
    """

    run_id: str
    number: int
    step: int
    name: str
    value: str
    created: str


WAITS = -1
COLUMNS = ", ".join(field.name for field in fields(Run))
COMMAND_COLUMNS = ", ".join(field.name for field in fields(Command))


def add(transaction: Transaction, run: Run) -> None:
    marks = ", ".join("?" for _ in fields(Run))
    transaction.execute(f"INSERT INTO runs ({COLUMNS}) VALUES ({marks})", _values(run))


def get(reader: Reader, id: str) -> Run | None:
    row = reader.one(f"SELECT {COLUMNS} FROM runs WHERE id = ?", (id,))
    return _run(row) if row else None


def newest(reader: Reader, *, graph_id: str | None = None, limit: int = 1000, offset: int = 0) -> list[Run]:
    """The last asked for first; of one graph only, where it is named."""
    chosen = "(? IS NULL OR graph_id = ?)"
    sql = f"SELECT {COLUMNS} FROM runs WHERE {chosen} ORDER BY created DESC, id LIMIT ? OFFSET ?"
    return [_run(row) for row in reader.all(sql, (graph_id, graph_id, limit, offset))]


def in_states(reader: Reader, states: Iterable[State], *, limit: int = -1) -> list[Run]:
    """The first asked for first: the order in which they are due."""
    wanted = sorted(states)
    marks = ", ".join("?" for _ in wanted)
    sql = f"SELECT {COLUMNS} FROM runs WHERE state IN ({marks}) ORDER BY created, id LIMIT ?"
    return [_run(row) for row in reader.all(sql, (*wanted, limit))]


def count(reader: Reader, states: Iterable[State]) -> int:
    wanted = sorted(states)
    marks = ", ".join("?" for _ in wanted)
    row = reader.one(f"SELECT count(*) FROM runs WHERE state IN ({marks})", wanted)
    assert row is not None
    return int(row[0])


def ids(reader: Reader) -> frozenset[str]:
    return frozenset(row[0] for row in reader.all("SELECT id FROM runs"))


def move(transaction: Transaction, id: str, to: State, now: str, *, problem: str | None = None) -> Run | Refused | None:
    """Change the state as `NEXT` allows, with the times that go with it. None: there is no such run."""
    run = get(transaction, id)
    if run is None:
        return None
    if to not in NEXT[run.state]:
        return Refused(run.state)
    started = run.started or (now if to is State.RUNNING else None)
    finished = now if to in OVER else None
    moved = replace(run, state=to, started=started, finished=finished, problem=problem)
    sql = "UPDATE runs SET state = ?, started = ?, finished = ?, problem = ? WHERE id = ?"
    transaction.execute(sql, (to, started, finished, problem, id))
    return moved


def progress(transaction: Transaction, id: str, step: int, score: str | None = None) -> None:
    """Note how far a run is; a score that is left out stays as it was."""
    transaction.execute("UPDATE runs SET step = ?, score = coalesce(?, score) WHERE id = ?", (step, score, id))


def delete(transaction: Transaction, id: str) -> Run | Refused | None:
    """The run as it was; one that is at work or waits is refused. Remove its folder after the commit."""
    run = get(transaction, id)
    if run is None:
        return None
    if run.state not in OVER | {State.INTERRUPTED}:
        return Refused(run.state)
    transaction.execute("DELETE FROM runs WHERE id = ?", (id,))
    return run


def tell(transaction: Transaction, id: str, *, step: int, name: str, value: str, now: str) -> Command:
    """Write a command down before it is obeyed, so that a run that is taken up again obeys it once more."""
    last = transaction.one("SELECT coalesce(max(number), 0) FROM commands WHERE run_id = ?", (id,))
    assert last is not None
    command = Command(id, last[0] + 1, step, name, value, now)
    values = (id, command.number, step, name, value, now)
    transaction.execute(f"INSERT INTO commands ({COMMAND_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)", values)
    return command


def obeyed(transaction: Transaction, id: str, number: int, step: int) -> None:
    """Note at which step the run carried a command out."""
    transaction.execute("UPDATE commands SET step = ? WHERE run_id = ? AND number = ?", (step, id, number))


def commands(reader: Reader, id: str) -> list[Command]:
    sql = f"SELECT {COMMAND_COLUMNS} FROM commands WHERE run_id = ? ORDER BY number"
    return [Command(*row) for row in reader.all(sql, (id,))]


def _run(row: tuple[object, ...]) -> Run:
    named = dict(zip(COLUMNS.split(", "), row, strict=True))
    return Run(**{**named, "state": State(str(named["state"]))})  # type: ignore[arg-type]


def _values(run: Run) -> list[str | int | None]:
    return [getattr(run, field.name) for field in fields(Run)]
