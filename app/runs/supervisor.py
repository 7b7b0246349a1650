"""Who runs, who waits, and what becomes of what people say. Threads: one a process, and those of the requests.

The store is the truth: a command is written down before it is handed on, a state before it is told. What stands in
a run's log and not yet in the store is put right when the server starts.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Any

import orjson

from app import files
from app.clock import now
from app.runs import bookkeeping, keeping, orders, payloads
from app.runs.children import Child, warm_up
from app.runs.live import Live
from app.runs.pace import Pace
from app.runs.process import Bounds
from app.runs.spec import BROKE, ENDINGS, LEAVE, MESSAGES, OBEYED, PACE, PAUSE, RESUME, STOP, Command
from app.store import Store, Transaction, runs
from app.store.runlog import Event
from app.store.runs import OVER, WAITS, Run, State

Publish = Callable[[str, Sequence[Event]], None]
Drop = Callable[[str], None]

ANSWER = 5.0  # seconds that a person waits at most to see a command obeyed; it is written down before
FAREWELL = 2.0  # seconds that all runs have to checkpoint when the server stops
PROGRESS_EVERY = 5.0  # seconds between two notes in the store of how far a run is
PAUSED_KEPT = 8  # processes of paused runs; those of others end, and start again when they are needed
BOUNDS = Bounds()
WORKING = (State.RUNNING, State.STOPPING)
SERVER_STOPPED = "The server was stopped. The run goes on when it starts again."
GIVEN_UP = "The run's process {how} {times} times without getting any further, so it was given up."
DAMAGED = "What the run wrote down is damaged, so it cannot go on. The server's log has the details."
QUEUE_FULL = "{most} runs wait already. Stop some, or try again when they are done."
TURNS = {"paused", "resumed", *ENDINGS}
log = logging.getLogger("backchannel")


@dataclass(frozen=True)
class NotNow:
    """Why something cannot be done in the state that a run, or the server, is in."""

    message: str


class Supervisor:
    """All runs of one data folder. `publish` and `drop` tell those who watch; any thread may call any method."""

    def __init__(
        self,
        store: Store,
        *,
        running: int,
        queued: int,
        threads: int,
        publish: Publish,
        drop: Drop,
        bounds: Bounds = BOUNDS,
    ) -> None:
        self._store, self._most_running, self._most_queued, self._threads = store, running, queued, threads
        self._publish, self._drop, self._bounds = publish, drop, bounds
        self._changed = threading.Condition(threading.RLock())
        self._live: dict[str, Live] = {}
        self._closing = False

    # From the start to the end of the server

    def open(self) -> None:
        """Take up every run that was at work or waited."""
        threading.Thread(target=warm_up, name="warm up", daemon=True).start()
        with self._changed:
            with self._store.database.read() as reader:
                left = runs.in_states(reader, set(State) - OVER)
            for run in left:
                try:
                    self._take_up(run)
                except Exception:
                    log.exception("Run %s could not be taken up.", run.id)
                    self._give_up(run)
            self._fill()

    def close(self) -> None:
        """Let every run write its checkpoint, then end its process; one that takes too long is killed."""
        with self._changed:
            self._closing = True
            lives = [live for live in self._live.values() if live.child]
            for live in lives:
                self._let_go(live)
        until = time.monotonic() + FAREWELL
        for live in lives:
            live.gone.wait(max(0.0, until - time.monotonic()))
            if not live.gone.is_set() and live.child:
                live.child.kill()
        for live in lives:
            live.gone.wait(FAREWELL)
        with self._changed, self._store.database.write() as transaction:
            for run in runs.in_states(transaction, WORKING):
                runs.move(transaction, run.id, State.INTERRUPTED, now(), problem=SERVER_STOPPED)

    # What people ask for

    def add(self, run: Run, pace: Pace, before: bytes | None = None) -> Run | NotNow:
        """Start a new run, or let it wait for its turn; it is written down when this returns.

        before: the document of a model that it goes on from.
        """
        with self._changed:
            if self._closing:
                return NotNow(orders.SERVER_STOPS)
            with self._store.database.write() as transaction:
                free = runs.count(transaction, WORKING) < self._most_running
                if not free and runs.count(transaction, [State.QUEUED]) >= self._most_queued:
                    return NotNow(QUEUE_FULL.format(most=self._most_queued))
                if before:
                    keeping.put_before(self._store.run_folder(run.id), before)
                runs.add(transaction, run)
                runs.tell(transaction, run.id, step=0, name=PACE, value=json.dumps(pace), now=now())
                if free:
                    run = bookkeeping.moved(runs.move(transaction, run.id, State.RUNNING, now()))
            if free:
                self._launch(run)
            return run

    def tell(self, id: str, name: str, value: Any = None) -> Run | NotNow | None:
        """Give a command; it is written down when this returns, and mostly obeyed. None: there is no such run."""
        with self._changed:
            given: int | None = None
            with self._store.database.write() as transaction:
                run = runs.get(transaction, id)
                if run is None:
                    return None
                resting = orders.is_resting(bookkeeping.commands(transaction, id))
                why = orders.SERVER_STOPS if self._closing else orders.refusal(run.state, name, resting)
                if why:
                    return NotNow(why)
                if not orders.is_needless(run.state, name, resting):
                    given = runs.tell(transaction, id, step=WAITS, name=name, value=json.dumps(value), now=now()).number
                    before, run = run, self._apply(transaction, run, name)
                    if run.state in OVER:
                        self._end_unbegun(before)
            if given:
                self._hand_on(run)
                self._fill()
            self._wait_for(id, given)
            with self._store.database.read() as reader:
                return runs.get(reader, id)

    def delete(self, id: str) -> bool:
        """End a run wherever it is, and remove all that it wrote. False: there is no such run."""
        with self._changed:
            live = self._live.get(id)
            if live:
                live.deleted = True
                if live.child:
                    live.child.kill()
        if live:
            live.gone.wait()
        with self._changed:
            with self._store.database.write() as transaction:
                runs.move(transaction, id, State.STOPPED, now())
                found = isinstance(runs.delete(transaction, id), Run)
            if live and self._live.get(id) is live:
                self._forget(live)
            if found:
                files.remove_folder(self._store.run_folder(id))
                self._drop(id)
            self._fill()
        return found

    def live(self, id: str) -> Live | None:
        """What a run that has a process said last."""
        return self._live.get(id)

    def settle(self) -> None:
        """Wait until the store has all that anyone may have seen by now; a log is written to a moment before it."""
        with self._changed:
            pass

    # Commands

    def _apply(self, transaction: Transaction, run: Run, name: str) -> Run:
        """The run in the state that the command brings by itself, before any process obeys it."""
        to = run.state
        if name == STOP:
            unbegun = run.started is None and run.step == 0 and run.id not in self._live
            to = State.STOPPED if unbegun else State.STOPPING
        elif name == PAUSE and run.state is State.QUEUED:
            to = State.PAUSED
        elif name == RESUME and run.state is State.PAUSED:
            free = runs.count(transaction, WORKING) < self._most_running
            to = State.RUNNING if free else State.QUEUED
        if to is run.state:
            return run
        if run.state is State.QUEUED:
            bookkeeping.set_aside(transaction, run)
        return bookkeeping.moved(runs.move(transaction, run.id, to, now()))

    def _hand_on(self, run: Run) -> None:
        """Give the process what it was not given yet; start one where there is none and something is to be done."""
        live = self._live.get(run.id)
        if run.state is State.QUEUED or run.state in OVER or (live and live.leaving):
            return
        with self._store.database.read() as reader:
            told = bookkeeping.commands(reader, run.id)
            needed = bookkeeping.wants_process(reader, run)
        if live and live.child:
            for command in told:
                if command.step is None and command.number > live.sent:
                    live.child.send(command)
            live.sent = told[-1].number
        elif needed:
            self._launch(run)

    def _wait_for(self, id: str, number: int | None) -> None:
        """Wait a moment for the process to obey; without a number, whatever it was given."""

        def is_answered() -> bool:
            live = self._live.get(id)
            wanted = number or (live.sent if live else 0)
            return live is None or live.over or live.leaving or live.sent < wanted or live.obeyed >= wanted

        self._changed.wait_for(is_answered, ANSWER)

    # Processes

    def _fill(self) -> None:
        """Let those that wait begin, the first first, while there is room."""
        while not self._closing:
            with self._store.database.read() as reader:
                first = runs.in_states(reader, [State.QUEUED], limit=1)
                if not first or runs.count(reader, WORKING) >= self._most_running:
                    return
            with self._store.database.write() as transaction:
                run = bookkeeping.moved(runs.move(transaction, first[0].id, State.RUNNING, now()))
            self._hand_on(run)

    def _take_up(self, run: Run) -> None:
        """Put right what a crash left between the log and the store, then see what the run was about to do."""
        with closing(Live(run.id, self._store.run_folder(run.id))) as live:
            ending = live.look_up().ending
        with self._store.database.write() as transaction:
            if ending:
                bookkeeping.end(transaction, run.id, *ending)
                return
            run = bookkeeping.line_up(transaction, run)
            needed = bookkeeping.wants_process(transaction, run)
        if needed:
            self._launch(run)

    def _launch(self, run: Run) -> None:
        """Start a process for the run; it goes on from its checkpoint."""
        live = self._live.get(run.id) or Live(run.id, self._store.run_folder(run.id))
        live.folder.mkdir(mode=0o700, exist_ok=True)
        live.look_up()
        with self._store.database.read() as reader:
            spec = replace(bookkeeping.spec(reader, self._store, run, live), threads=self._share())
        live.sent = spec.commands[-1].number
        live.obeyed = max((command.number for command in spec.commands if command.step is not None), default=0)
        live.child, live.leaving = Child(spec, self._bounds), False
        self._live[run.id] = live
        live.gone.clear()
        threading.Thread(target=self._attend, args=(live, live.child), name=f"run {run.id}", daemon=True).start()

    def _share(self) -> int:
        """Its part of the threads, for one more run beside those that have a process."""
        return max(1, self._threads // (1 + sum(live.child is not None for live in self._live.values())))

    def _attend(self, live: Live, child: Child) -> None:
        """Hear a process out, from its start to its end."""
        try:
            child.start()
            _ = live.log  # made while the process begins
            while True:
                self._hear(live, child.receive())
        except EOFError:
            pass
        except Exception:
            log.exception("Run %s could not be attended to.", live.id)
            child.kill()
        self._bury(live, child.join())

    def _hear(self, live: Live, messages: Sequence[tuple[str, bytes]]) -> None:
        """Log, then store, then tell those who watch, in one go: nobody acts on what is not kept."""
        with self._changed:
            events = [message for message in messages if message[0] not in MESSAGES]
            numbered = _numbered(live.log.append(events), events)
            told = [
                (kind, live.note(kind, payload) if kind not in MESSAGES else orjson.loads(payload))
                for kind, payload in messages
            ]
            kinds = {kind for kind, _ in told} - {"reading"}
            if kinds or time.monotonic() - live.written > PROGRESS_EVERY:
                with self._store.database.write() as transaction:
                    bookkeeping.take_in(transaction, live, told)
                live.written = time.monotonic()
            live.obeyed = max([live.obeyed, *(said["number"] for kind, said in told if kind == OBEYED)])
            self._publish(live.id, numbered)
            for kind, said in told:
                if kind == BROKE:
                    self._fail(live, said["message"])
            self._changed.notify_all()
            if kinds & TURNS:
                self._let_some_go()
                self._fill()

    def _bury(self, live: Live, code: int | None) -> None:
        """The process has ended: as it should, or it is to be replaced."""
        with self._changed:
            live.child = None
            with self._store.database.read() as reader:
                run = runs.get(reader, live.id)
                needed = run is not None and bookkeeping.wants_process(reader, run)
            if run and needed and not (self._closing or live.deleted or live.over):
                if live.leaving or live.died():
                    if not live.leaving:
                        log.warning("The process of run %s %s; it goes on in another.", live.id, _how(code))
                    self._launch(run)
                    return
                self._fail(live, GIVEN_UP.format(how=_how(code), times=live.deaths))
            if not live.deleted:
                self._forget(live)
            live.gone.set()
            self._changed.notify_all()
            self._fill()

    def _let_some_go(self) -> None:
        """End the processes of runs that were paused longest ago, where there are many."""
        with self._store.database.read() as reader:
            paused = {run.id for run in runs.in_states(reader, [State.PAUSED])}
        idle = [live for live in self._live.values() if live.id in paused and live.child and not live.leaving]
        for live in sorted(idle, key=lambda live: live.written)[:-PAUSED_KEPT]:
            if live.obeyed >= live.sent:
                self._let_go(live)

    def _let_go(self, live: Live) -> None:
        live.leaving = True
        if live.child:
            live.child.send(Command(0, LEAVE))

    def _forget(self, live: Live) -> None:
        live.close()
        del self._live[live.id]

    # Ends that no process tells

    def _fail(self, live: Live, message: str) -> None:
        step, epoch = live.newest.get("step", 0), live.newest.get("epoch", 0.0)
        self._end(live, "failed", payloads.of_run(live.id, step, epoch, message=message))

    def _give_up(self, run: Run) -> None:
        """What is there of the run cannot be used; that must not keep the server from starting."""
        with self._store.database.write() as transaction:
            runs.move(transaction, run.id, State.FAILED, now(), problem=DAMAGED)

    def _end_unbegun(self, run: Run) -> None:
        """A run is stopped that never began: there is nothing to be kept."""
        nothing: dict[str, Any] = {"loss": {}, "nodes": {}, "wires": {}, "rows": {}}
        payload = payloads.of_run(run.id, 0, 0.0, reason="stopped", **nothing)
        with self._store.run_log(run.id) as opened:
            events = [("finished", payload)]
            self._publish(run.id, _numbered(opened.append(events), events))

    def _end(self, live: Live, kind: str, payload: bytes) -> None:
        events = [(kind, payload)]
        last = live.log.append(events)
        with self._store.database.write() as transaction:
            bookkeeping.take_in(transaction, live, [(kind, live.note(kind, payload))])
        self._publish(live.id, _numbered(last, events))


def _numbered(last: int, events: Sequence[tuple[str, bytes]]) -> list[Event]:
    return [Event(number, *event) for number, event in enumerate(events, last - len(events) + 1)]


def _how(code: int | None) -> str:
    if code is None:
        return "could not be started"
    return f"was killed by signal {-code}" if code < 0 else f"ended with code {code}"
