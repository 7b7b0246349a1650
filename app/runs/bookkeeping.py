"""What the messages of a run's process change in the store, and how a run is told to its process."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import orjson

from app.clock import now
from app.runs.live import Live
from app.runs.orders import is_resting
from app.runs.spec import ENDINGS, OBEYED, Command, RunSpec
from app.store import Reader, Store, Transaction, runs, tables
from app.store.runs import WAITS, Refused, Run, State


def commands(reader: Reader, id: str) -> tuple[Command, ...]:
    """All that a run was ever told."""
    told = runs.commands(reader, id)
    return tuple(Command(c.number, c.name, json.loads(c.value), None if c.step == WAITS else c.step) for c in told)


def graph_of(run: Run) -> dict[str, Any]:
    """The graph JSON as it was when the run was asked for."""
    graph: dict[str, Any] = json.loads(run.graph)
    return graph


def spec(reader: Reader, store: Store, run: Run, live: Live) -> RunSpec:
    """What the run's next process is given."""
    table = tables.get(reader, run.table_id, even_deleted=True)
    assert table is not None
    return RunSpec(
        run=run.id,
        graph=graph_of(run),
        table_folder=store.table_folder(run.table_id),
        table_name=table.name,
        description=json.loads(table.description),
        target=run.target or None,
        settings=json.loads(run.settings),
        folder=store.run_folder(run.id),
        commands=commands(reader, run.id),
        begun=live.begun,
        reached=live.reached,
    )


def take_in(transaction: Transaction, live: Live, messages: Iterable[tuple[str, dict[str, Any]]]) -> None:
    """Write down what was said: commands that were obeyed, a pause, the end, and how far the run is."""
    for kind, told in messages:
        if kind == OBEYED:
            runs.obeyed(transaction, live.id, told["number"], told["step"])
        elif kind == "paused":
            _move_from(transaction, live.id, State.RUNNING, State.PAUSED)
        elif kind == "resumed":
            _move_from(transaction, live.id, State.PAUSED, State.RUNNING)
        elif kind in ENDINGS:
            end(transaction, live.id, kind, told)
    if live.reached is not None:
        runs.progress(transaction, live.id, live.reached, _score(live))


def end(transaction: Transaction, id: str, kind: str, told: dict[str, Any]) -> None:
    """The run is over, as its last event says."""
    to = State(kind) if told.get("reason") != "stopped" else State.STOPPED
    runs.move(transaction, id, to, now(), problem=told.get("message"))


def set_aside(transaction: Transaction, run: Run) -> None:
    """A run that waited for its turn does so no longer: what it was told meanwhile counts as obeyed where it stands."""
    for command in commands(transaction, run.id):
        if command.step is None and command.name in ("pause", "resume"):
            runs.obeyed(transaction, run.id, command.number, run.step)


def line_up(transaction: Transaction, run: Run) -> Run:
    """When the server starts, a run that was at work waits for its turn; one that was to stop need not wait."""
    told = commands(transaction, run.id)
    stop = any(command.name == "stop" and command.step is None for command in told)
    if run.state in (State.RUNNING, State.STOPPING):
        runs.move(transaction, run.id, State.INTERRUPTED, now())
    elif run.state is not State.INTERRUPTED:
        return run
    return moved(runs.move(transaction, run.id, State.STOPPING if stop else State.QUEUED, now()))


def wants_process(reader: Reader, run: Run) -> bool:
    """Whether there is something for a process to do, now that there is none."""
    if run.state in (State.RUNNING, State.STOPPING):
        return True
    told = commands(reader, run.id)
    return run.state is State.PAUSED and is_resting(told) and any(c.name == "step" and c.step is None for c in told)


def moved(run: Run | Refused | None) -> Run:
    """The run after a move that is always allowed."""
    assert isinstance(run, Run), run
    return run


def _move_from(transaction: Transaction, id: str, before: State, to: State) -> None:
    run = runs.get(transaction, id)
    if run and run.state is before:
        runs.move(transaction, id, to, now())


def _score(live: Live) -> str:
    known = {name: live.settings.get(name) for name in ("steps", "epochs")}
    return orjson.dumps({**known, **{name: live.newest.get(name) for name in ("epoch", "loss")}}).decode()
