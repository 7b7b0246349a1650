"""Training itself: slices of steps, a reading after each, until the epochs are done or someone says stop.

No thread, no clock of its own and no print inside. How many steps a slice has is asked of `pace`, and changes nothing
about what is learnt: batches, learning rates and softness follow from the seed and the step alone.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine import schedule as schedules
from engine.arrays import RowIds, Vector
from engine.errors import DataRefused
from engine.examples import examples_of
from engine.fields import AUTO, read
from engine.graph import Graph
from engine.model import Model
from engine.plan import compile
from engine.readings.reader import Reader
from engine.table import Table
from engine.tape.executor import tape_for
from engine.targets import targets
from engine.training import idle, looks, turns
from engine.training.beginning import begin
from engine.training.checkpoint import Checkpoint
from engine.training.events import Diverged, Event, Finished, Losses, Reading, Started
from engine.training.exact import is_quick, solve
from engine.training.executor import Callbacks, Executor, State, Work
from engine.training.judging import baseline, few_rows, judge, of_estimates
from engine.training.preparing import Allocate, in_memory, prepared, usable_rows
from engine.training.rate import safe
from engine.training.settings import Resolved, Settings, holdout_share, resolve
from engine.training.split import Order, Split, evenly, split
from engine.training.tries import Tries, few

Pace: TypeAlias = Callable[[], int]
"""How many steps to take before the next reading; asked anew for every slice."""

DEFAULTS = Settings()
LONGEST_SLICE = 1 << 20
MOST_JUDGED = 100_000
SETTLED_SOFTNESS = 1e-3


def train(
    graph: Graph,
    table: Table,
    target: str | None = None,
    settings: Settings = DEFAULTS,
    *,
    pace: Pace = lambda: 256,
    stepped: Callable[[], None] = lambda: None,
    checkpoint: Checkpoint | None = None,
    allocate: Allocate = in_memory,
    threads: int = 1,
    clock: Callable[[], float] = time.monotonic,
    after: Model | None = None,
) -> Training:
    """A training to be iterated over for its events. Raises GraphRefused, DataRefused or SettingRefused.

    after: a model whose workers go on from what they have learnt, where the graph leaves them as they were; whoever
    wins by then goes on winning, so nothing starts soft again.
    stepped: is called when the steps of a slice are taken and its reading is about to begin.
    threads: how many may share a step that is long enough; it changes no bit of what is learnt. clock: is asked only
    where the settings limit the time.
    """
    settings = read(Settings, vars(settings) | ({} if after is None else {"softness": 0.0}))
    examples = examples_of(graph, table, targets(graph, target))
    usable = usable_rows(examples.answers, targets(graph, target))
    parts = split(usable, holdout_share(settings, len(usable)), settings.seed)
    before = None if after is None else (after.plan, after.parameters)
    how: dict[str, Any] = {"standardise": settings.standardise, "loss": settings.loss, "extra": settings.extra}
    plan = compile(graph, table, parts.train, target, **how, after=before)
    aside = turns.deal(parts.train, len(plan.voices), settings.seed) if settings.turns else None
    work = prepared(plan, examples, settings, allocate, aside)
    left_out = table.rows - len(examples.rows(usable))
    conduct = Conduct(pace, stepped, clock, threads)
    return Training(work, parts, settings, conduct, checkpoint=checkpoint, left_out_rows=left_out, aside=aside)


@dataclass(frozen=True)
class Conduct:
    """How a training is conducted; changes nothing about what is learnt, unless it runs out of time."""

    pace: Pace
    stepped: Callable[[], None]
    clock: Callable[[], float]
    threads: int = 1


class Training:
    """A training under way. Iterate over it for its events; between two events it can be told things."""

    def __init__(
        self,
        work: Work,
        parts: Split,
        settings: Settings,
        conduct: Conduct,
        *,
        checkpoint: Checkpoint | None,
        left_out_rows: int,
        aside: Sequence[RowIds] | None = None,
    ) -> None:
        self.plan, self.settings, self.parts = work.plan, settings, parts
        self.resolved: Resolved = resolve(settings, len(parts.train))
        self._work, self._conduct, self._left_out_rows = work, conduct, left_out_rows
        self._executor: Executor = tape_for(work, self.resolved.batch_size, conduct.threads) or Callbacks(work)
        self._order = Order(parts.train, self.resolved.batch_size, settings.seed)
        self._schedule = schedules.catalogue()[settings.schedule]
        self._reader = Reader(work, parts.train)
        self._looks_every = looks.every(self.resolved.steps, self._order.steps_per_epoch) if settings.looks else 0
        self._aside, self._heard = aside, np.isfinite(work.told[parts.train]).mean(axis=0)
        self._owners = turns.owners(work.plan)
        self._contests = idle.contests(work.plan) if settings.revive and work.groups is None else []
        self._idle: frozenset[str] = frozenset()
        self._began = conduct.clock() if settings.seconds else 0.0
        begun = checkpoint or self._begun()
        self._state, self._base_rate, self._outlook = begun.state, begun.base_rate, begun.outlook
        self._reason = looks.reason_to_stop(self._outlook, settings)
        if settings.solve:
            self._solve()

    @property
    def step(self) -> int:
        """How many steps were taken."""
        return self._state.step

    @property
    def learning_rate(self) -> float:
        """The learning rate that the schedule starts from."""
        return self._base_rate

    @learning_rate.setter
    def learning_rate(self, rate: float) -> None:
        self._base_rate = rate

    @property
    def parameters(self) -> NDArray[np.float64]:
        """The parameters as they would be taken away now (float64); not to be written to."""
        return np.asarray(self._result(), np.float64)

    def stop(self) -> None:
        """Lets the training end after the slice that it is in, keeping what was learnt."""
        self._reason = self._reason or "stopped"

    def checkpoint(self) -> Checkpoint:
        """All that is needed to go on from here."""
        return Checkpoint(self._state, self._base_rate, self._outlook)

    def __iter__(self) -> Iterator[Event]:
        if self._state.step == 0:
            yield self._started()
            if self._aside:
                self._look()
        yield self._reading(
            self._judged(self._state.parameters, evenly(self.parts.train, few_rows(self._work)), self._softness_now())
        )
        while self._state.step < self.resolved.steps and not self._reason:
            taken = self._slice()
            if isinstance(taken, Diverged):
                yield taken
                return
            self._conduct.stepped()
            yield self._reading(self._told_of(taken[-self._order.steps_per_epoch :]))
        yield self._finished()

    def _begun(self) -> Checkpoint:
        """Where a training stands before its first step."""
        state, rate = self._fresh_state(), self.resolved.learning_rate
        if self.settings.learning_rate == AUTO:
            rows, softness = self.parts.train, float(self._softness(np.zeros(1))[0])
            tries = Tries(self._work, rows, few(self.resolved), state, schedule=self._schedule, softness=softness)
            rate = safe(self._work, rows, state.parameters, self.resolved, tries)
        return Checkpoint(state, rate)

    def _fresh_state(self) -> State:
        parameters = begin(self._work, self.parts.train, self.settings.seed)
        return State(parameters, self._work.acting.fresh_memory(parameters), 0)

    def _solve(self) -> None:
        found = solve(self._work, self.parts.train, self._state.parameters)
        if found is None:
            raise DataRefused(
                "This team cannot be solved: it bends somewhere, chains or shares linear workers, its loss is not "
                "squared, or L1 or L2 is set. Train it instead."
            )
        self._state = replace(self._state, parameters=found, memory=self._work.acting.fresh_memory(found))
        self._reason = "solved"

    def _slice(self) -> NDArray[np.float64] | Diverged:
        """Takes a slice of steps and the looks on its way; the losses of each, or the news that they are no numbers."""
        left = min(max(1, self._conduct.pace()), LONGEST_SLICE, self.resolved.steps - self._state.step)
        taken: list[NDArray[np.float64]] = []
        while left and not self._reason:
            before = self._state
            self._state, found = self._advance(before, min(left, self._until_look()))
            if not (np.isfinite(found).all() and np.isfinite(self._state.parameters).all()):
                return self._diverged(before, found)
            taken.append(found)
            left -= len(found)
            self._look()
            self._revive()
        return np.concatenate(taken)

    def _told_of(self, taken: NDArray[np.float64]) -> list[float | None]:
        """By estimate, the mean loss of its voices over some steps (steps x voices)."""
        return of_estimates(self._work, np.add.reduce(taken) / (len(taken) * self._heard))

    def _until_look(self) -> int:
        """How many steps there are until the next look at anything."""
        every = [self._looks_every or LONGEST_SLICE]
        if self._contests:
            every.append(idle.every(self.resolved.steps))
        return min(one - self._state.step % one for one in every)

    def _revive(self) -> None:
        """Where it is time to, looks for workers that never win, and lets them begin again."""
        step, steps = self._state.step, self.resolved.steps
        if self._contests and step % idle.every(steps) == 0 and self._softness_now() == 0:
            rows, share = self.parts.train, step / steps
            self._state, self._idle = idle.revived(self._work, self._contests, self._state, rows, share)

    def _advance(self, state: State, most: int) -> tuple[State, NDArray[np.float64]]:
        batches = self._order.batches(state.step, most)
        progress = (state.step + np.arange(batches.steps)) / self.resolved.steps
        rates = self._base_rate * self._outlook.factor * self._schedule.factor(progress)
        return self._executor.advance(state, batches, rates, self._softness(progress))

    def _look(self) -> None:
        """Where it is time to, judges the team as it would be taken away, and draws the conclusions."""
        if self.settings.seconds and self._conduct.clock() - self._began >= self.settings.seconds:
            self._reason = self._reason or "time"
        if not self._looks_every or self._state.step % self._looks_every:
            return
        parameters = self._averaged()
        before, halves = self._outlook, self._schedule.halves
        if self._aside:
            apart = turns.losses(self._executor, self._work, parameters, turns.few(self._aside, turns.LOOKED_AT))
            found = of_estimates(self._work, apart)
        else:
            rows = self.parts.holdout if len(self.parts.holdout) else self.parts.train
            found = self._judged(parameters, evenly(rows, MOST_JUDGED))
        units = [estimate.target.loss_unit for estimate in self.plan.estimates]
        told = [math.inf if loss is None else loss for loss in found]
        alike = sum(loss / unit for loss, unit in zip(told, units, strict=True))
        self._outlook = looks.looked(before, sum(told), alike, parameters, self.settings, halves=halves)
        if self._aside:
            self._outlook = looks.kept_apart(before, self._outlook, apart, parameters, self._owners)
        self._reason = self._reason or looks.reason_to_stop(self._outlook, self.settings)

    def _averaged(self) -> Vector:
        """The parameters of this step, or the average of the steps where one is kept."""
        return self._work.acting.result(self._state.parameters, self._state.memory)

    def _result(self) -> Vector:
        """What is taken away: the best that was seen, where that is asked for, or else what there is now."""
        best = self._outlook.parameters
        return self._averaged() if best is None else best

    def _softness(self, progress: NDArray[np.float64]) -> NDArray[np.float64]:
        """From the starting softness straight down to nothing, and nothing from there on."""
        if self.settings.soft_share == 0:
            return np.zeros_like(progress)
        left = self.settings.softness * (1 - progress / self.settings.soft_share)
        return np.where(left > SETTLED_SOFTNESS, left, 0.0)

    def _diverged(self, before: State, found: NDArray[np.float64]) -> Diverged:
        """Goes back to the slice's start and forward again to the last step that was finite."""
        whole = np.isfinite(found).all(axis=1)
        good = int(np.argmin(whole)) if not whole.all() else len(found)
        self._state, tried = before, good
        while good:
            ahead, _ = self._advance(self._state, tried)
            taken = ahead.step - self._state.step
            if np.isfinite(ahead.parameters).all():
                self._state, good = ahead, good - taken
            else:
                good = taken - 1
            tried = (good + 1) // 2
        step, rate = self._state.step + 1, self._base_rate
        return Diverged(
            step,
            self._epoch(),
            rate,
            f"The numbers grew out of bounds at step {step:,}: the steps are too long for these data.",
            f"Try a learning rate of {rate / 10:.3g} or less, or an average in place of an addition.",
        )

    def _softness_now(self) -> float:
        return float(self._softness(np.array([self._state.step / self.resolved.steps]))[0])

    def _epoch(self) -> float:
        return round(self._state.step / self._order.steps_per_epoch, 4)

    def _started(self) -> Started:
        resolved, parts = self.resolved, self.parts
        if self._aside:
            parts = Split(parts.train, np.unique(np.concatenate(self._aside)))
        return Started(
            0,
            0.0,
            steps=resolved.steps,
            epochs=resolved.epochs,
            batch_size=resolved.batch_size,
            learning_rate=self._base_rate,
            executor=self._executor.name,
            train_rows=len(parts.train),
            holdout_rows=len(parts.holdout),
            left_out_rows=self._left_out_rows,
            left_out_columns=[asdict(left) for left in self.plan.preparation.left_out],
            baseline=self._by_estimate([Losses(*pair) for pair in baseline(self._work, parts)]),
            best=self._best(),
            losses={estimate.node: estimate.target.loss for estimate in self.plan.estimates},
            takes="teams" if self._aside else self.settings.takes,
        )

    def _best(self) -> dict[str, Losses]:
        """By estimate, what the exact solution comes to; empty where there is none, or it takes long."""
        found = solve(self._work, self.parts.train, self._state.parameters) if is_quick(self._work) else None
        if found is None:
            return {}
        judged = self._judged(found, self.parts.train), self._held_out(found)
        return self._by_estimate([Losses(*pair) for pair in zip(*judged, strict=True)])

    def _reading(self, train: Sequence[float | None]) -> Reading:
        softness = self._softness_now()
        holdout = self._held_out(self._state.parameters, few_rows(self._work), softness)
        seen = self._reader.read(self._state.parameters, softness)
        losses = self._by_estimate([Losses(*pair) for pair in zip(train, holdout, strict=True)])
        return Reading(
            self._state.step,
            self._epoch(),
            self._base_rate,
            softness,
            losses,
            {node: told | {"idle": True} if node in self._idle else told for node, told in seen.nodes.items()},
            seen.wires,
            seen.rows,
        )

    def _finished(self) -> Finished:
        """Judges what is taken away, on all rows, everything hard."""
        parameters = self._result()
        judged = [self._judged(parameters, self.parts.train), self._held_out(parameters)]
        seen = self._reader.read(parameters, 0.0)
        losses = self._by_estimate([Losses(*pair) for pair in zip(*judged, strict=True)])
        reason = self._reason or "epochs"
        softens = any(getattr(step.primitive, "softens", False) for step in self.plan.program.steps)
        softness = self._softness_now() if softens else 0.0
        return Finished(self._state.step, self._epoch(), reason, softness, losses, seen.nodes, seen.wires, seen.rows)

    def _held_out(self, parameters: Vector, most: int | None = None, softness: float = 0.0) -> list[float | None]:
        """By estimate, the loss on rows that it has not learnt from; of each voice, where they take turns."""
        if not self._aside:
            rows = self.parts.holdout
            return self._judged(parameters, rows if most is None else evenly(rows, most), softness)
        apart = turns.losses(self._executor, self._work, parameters, turns.few(self._aside, most))
        return of_estimates(self._work, apart)

    def _judged(self, parameters: Vector, rows: RowIds, softness: float = 0.0) -> list[float | None]:
        """By estimate, the loss on some rows."""
        return judge(self._executor, self._work, parameters, rows, softness)

    def _by_estimate(self, losses: Sequence[Losses]) -> dict[str, Losses]:
        return {estimate.node: loss for estimate, loss in zip(self.plan.estimates, losses, strict=True)}
