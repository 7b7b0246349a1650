"""One run from wherever it stands to its end: events out, commands in. Knows nothing of where it runs.

What is announced is on the disk before: checkpoints and the model are written first, then the event is emitted.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from app.runs import checkpoints, keeping
from app.runs.checkpoints import Kept
from app.runs.history import look_back
from app.runs.pace import steps_per_second
from app.runs.pacing import Pacing
from app.runs.reports import Emit, Reports
from app.runs.scratch import scratch
from app.runs.spec import LEARNING_RATE, LEAVE, PACE, PAUSE, RESTS, RESUME, STEP, STOP, Command, RunSpec
from app.runs.stopwatch import Stopwatch
from app.tables_on_disk import open_table
from engine import graph as graphs
from engine.fields import read
from engine.targets import columns_asked
from engine.training.events import Event, Finished, Losses, Reading, Started
from engine.training.settings import Settings
from engine.training.train import Training, train

Listen: TypeAlias = Callable[[float | None], Command | None]
"""Waits so many seconds (None: for ever) for the next command; None when there is none."""

Clock: TypeAlias = Callable[[], float]


def run(spec: RunSpec, emit: Emit, listen: Listen, clock: Clock = time.monotonic) -> None:
    """Train until the end, or until told to leave. Raises GraphRefused or DataRefused where that cannot be."""
    _Course(spec, emit, listen, clock).go()


class _Course:
    """A training with all that is wanted of it while it is under way."""

    def __init__(self, spec: RunSpec, emit: Emit, listen: Listen, clock: Clock) -> None:
        self._spec, self._listen, self._clock = spec, listen, clock
        self._reports, self._pacing = Reports(spec.run, emit), Pacing()
        self._graph = graphs.from_json(spec.graph)
        named = set(columns_asked(self._graph))
        self._table = open_table(spec.table_folder, spec.description, texts=named)
        self._trained = Stopwatch(clock)
        self._training, kept = self._taken_up(checkpoints.newest(spec.folder))
        self._trained.start(kept.trained if kept else 0.0)
        self._serial, self._obeyed = (kept.serial, dict(kept.obeyed)) if kept else (0, {})
        self._history = look_back(spec.commands, self._obeyed)
        self._again, self._waiting = deque(self._history.again), deque(self._history.waiting)
        self._pace, self._rest_at = self._history.pace, self._history.rest_at
        self._start = self._training.step
        self._pacing.total = self._training.resolved.steps
        self._resting = self._leaving = False
        self._single: Command | None = None  # the step that is being taken while paused
        self._stop: Command | None = None
        self._loss: Mapping[str, Losses] = {}
        self._saved = clock()

    def go(self) -> None:
        """Take every event from the training, and look after everything else in between."""
        self._look_back()
        before = self._clock()
        for event in self._training:
            if isinstance(event, Reading):
                self._read(event, self._clock() - before)
                self._between()
            elif not isinstance(event, Started):
                self._end(event)
            elif not self._spec.begun:
                self._reports.event(event)
            if self._leaving:
                return
            before = self._clock()

    def _taken_up(self, kept: Kept | None) -> tuple[Training, Kept | None]:
        """The training, going on from a checkpoint if that fits it."""
        settings, allocate = read(Settings, self._spec.settings), scratch(self._spec.folder)
        goes_on = kept.checkpoint if kept else None
        training = train(
            self._graph,
            self._table,
            self._spec.target,
            settings,
            pace=self._steps,
            stepped=lambda: self._pacing.stepped(self._clock()),
            checkpoint=goes_on,
            allocate=allocate,
            threads=self._spec.threads,
            clock=lambda: self._trained.seconds,
            after=keeping.before(self._spec.folder),
        )
        if kept and kept.checkpoint.state.parameters.size != training.plan.layout.size:
            return self._taken_up(None)  # a version wrote it that laid parameters out differently
        return training, kept

    def _look_back(self) -> None:
        """Say what the process before this one could not say, and how far back this one begins."""
        if self._spec.reached is not None and self._start < self._spec.reached:
            self._say("rewound")
        for command in self._history.unreported:
            if command.name in (LEARNING_RATE, PACE):
                self._say("changed", learning_rate=self._training.learning_rate, pace=self._pace)
            self._reports.obeyed(command, command.step or 0)

    # Slices

    def _steps(self) -> int:
        """The engine asks how many steps to take: never past a step at which something happened before."""
        step = self._training.step
        stops = [*(command.step or 0 for command in self._again), *([] if self._rest_at is None else [self._rest_at])]
        wanted = 1 if self._single else self._pacing.steps(self._clock(), step)
        return min([wanted, *(stop - step for stop in stops if stop > step)])

    def _read(self, reading: Reading, spent: float) -> None:
        """Pass a reading on; the first only if the log has none of this step."""
        now, first = self._clock(), not self._loss
        self._loss = reading.loss
        if first:
            self._pacing.reading = spent
            self._keep_pace()
        else:
            self._pacing.took(now, reading.step)
        if self._single:
            self._reports.event(reading)
        elif not first or self._spec.reached is None:
            self._reports.reading(reading, now, self._trained.seconds)

    def _between(self) -> None:
        """Between two slices: what is due is done, commands are obeyed, and time passes where it should."""
        self._look_at_clock()
        if self._catching_up:
            self._set_again()
            self._rest_again()
        self._end_single()
        while not (self._leaving or self._single or self._stop):
            now = self._clock()
            if not self._resting and now - self._saved > self._spec.checkpoint_every:
                self._save()
            patience = None if self._resting else self._pacing.rest(now, self._training.step)
            if patience:
                self._reports.flush()
            command = self._next(patience)
            self._look_at_clock()
            if command is None:
                break
            self._obey(command)

    def _look_at_clock(self) -> None:
        if self._trained.seconds > self._spec.seconds:
            self._training.stop()

    def _keep_pace(self) -> None:
        rate = None if self._catching_up else steps_per_second(self._pace, self._training.resolved.steps)
        self._pacing.keep(rate, self._clock(), self._training.step)

    # What happened before and happens once more

    @property
    def _catching_up(self) -> bool:
        """Whether there is something to be done again first; until then nothing new is obeyed."""
        return bool(self._again) or self._rest_at is not None

    def _set_again(self) -> None:
        """Set the learning rates that were set at this step before, after the checkpoint that we go on from."""
        while self._again and (self._again[0].step or 0) <= self._training.step:
            command = self._again.popleft()
            self._training.learning_rate = command.value
            self._obeyed[command.number] = self._training.step

    def _rest_again(self) -> None:
        """Rest where a paused run stood. Who watches need not be told, if the run did not have to go there anew."""
        if self._rest_at is not None and self._training.step >= self._rest_at:
            self._rest_at, self._resting = None, True
            unsaid = any(command.name in RESTS for command in self._history.unreported)
            self._rest(announced=self._training.step == self._start and not unsaid)
        if not self._catching_up:
            self._keep_pace()

    # Commands

    def _next(self, patience: float | None) -> Command | None:
        """The next command that is to be obeyed now, if it comes in time."""
        if self._waiting and not self._catching_up:
            return self._waiting.popleft()
        command = self._listen(patience)
        if command and command.number and self._catching_up:
            self._waiting.append(command)
            return None
        return command

    def _obey(self, command: Command) -> None:
        if command.name == STOP:
            self._stop = command
            self._training.stop()
        elif command.name == STEP:
            self._single = command
        elif command.name == LEAVE:
            self._leave()
        else:
            self._note(command)
            OBEY[command.name](self, command.value)
            self._reports.obeyed(command, self._training.step)

    def _end_single(self) -> None:
        """Rest after a single step, unless it was the last."""
        if self._single:
            command, self._single = self._single, None
            self._note(command)
            self._resting = self._training.step < self._training.resolved.steps
            if self._resting:
                self._rest()
            self._reports.obeyed(command, self._training.step)

    def _pause(self, _: Any) -> None:
        if not self._resting:
            self._resting = True
            self._rest()

    def _resume(self, _: Any) -> None:
        if self._resting:
            self._resting = False
            self._trained.start()
            self._keep_pace()
            self._say("resumed")

    def _set_learning_rate(self, rate: float) -> None:
        self._training.learning_rate = rate
        self._save()
        self._say("changed", learning_rate=rate, pace=self._pace)

    def _set_pace(self, pace: Any) -> None:
        self._pace = pace
        self._keep_pace()
        self._say("changed", learning_rate=self._training.learning_rate, pace=pace)

    def _note(self, command: Command) -> None:
        self._obeyed[command.number] = self._training.step

    # Writing down, and ending

    def _rest(self, *, announced: bool = False) -> None:
        self._trained.stop()
        self._save()
        self._keep()
        if not announced:
            self._say("paused")

    def _leave(self) -> None:
        self._save()
        self._reports.left()
        self._leaving = True

    def _end(self, event: Event) -> None:
        """The last event, and the commands that led to it."""
        self._loss = getattr(event, "loss", self._loss)
        self._save()
        self._keep()
        self._reports.event(event, **(self._why() if isinstance(event, Finished) else {}))
        for command in (self._single, self._stop):
            if command:
                self._reports.obeyed(command, self._training.step)

    def _why(self) -> dict[str, str]:
        if self._trained.seconds <= self._spec.seconds:
            return {}
        hours = f"{self._spec.seconds / 3600:g} hours"
        return {"message": f"It trained for {hours}, the longest that a run may. What it learnt by then is kept."}

    def _save(self) -> None:
        self._serial += 1
        kept = Kept(self._training.checkpoint(), self._obeyed, self._trained.seconds, self._serial)
        checkpoints.write(self._spec.folder, kept)
        self._saved = self._clock()

    def _keep(self) -> None:
        keeping.keep(
            self._spec.folder,
            self._training,
            self._table,
            table_name=self._spec.table_name,
            target=self._spec.target,
            score=self._loss,
        )

    def _say(self, kind: str, **more: Any) -> None:
        step, resolved = self._training.step, self._training.resolved
        self._reports.own(kind, step, round(step / resolved.steps * resolved.epochs, 4), **more)


OBEY: Mapping[str, Callable[[_Course, Any], None]] = {
    PAUSE: _Course._pause,
    RESUME: _Course._resume,
    LEARNING_RATE: _Course._set_learning_rate,
    PACE: _Course._set_pace,
}
