"""Training itself: slices of steps, a reading after each, until the epochs are done or someone says stop.

No thread, no clock and no print inside. How many steps a slice has is asked of `pace`, and changes nothing about what
is learnt: batches, learning rates and softness follow from the seed and the step alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine import loss as losses
from engine import optimizer as optimizers
from engine import schedule as schedules
from engine.arrays import RowIds, Rows
from engine.errors import DataRefused
from engine.graph import Graph
from engine.plan import Plan, compile
from engine.table import CODED, Table
from engine.tape.executor import tape_for
from engine.targets import targets
from engine.training.events import Diverged, Event, Finished, Losses, Reading, Started
from engine.training.executor import Callbacks, Executor, State, Work
from engine.training.judging import baseline, in_target_units, judge
from engine.training.readings import Reader
from engine.training.settings import Resolved, Settings, holdout_share, resolve
from engine.training.split import Order, Split, split

Pace: TypeAlias = Callable[[], int]
"""How many steps to take before the next reading; asked anew for every slice."""

Allocate: TypeAlias = Callable[[str, tuple[int, int], Any], Rows]
"""Makes room for a named matrix: (name, shape, dtype) -> array, which may be a mapped file."""

DEFAULTS = Settings()
LONGEST_SLICE = 1 << 20
JUDGED_ROWS = 1_024
SETTLED_SOFTNESS = 1e-3


@dataclass(frozen=True)
class Checkpoint:
    """All that a training needs beside its graph, table and settings to go on, to the same bits."""

    state: State
    base_rate: float


def in_memory(name: str, shape: tuple[int, int], dtype: Any) -> Rows:
    """Room in memory."""
    return np.empty(shape, dtype)


def train(
    graph: Graph,
    table: Table,
    target: str | None = None,
    settings: Settings = DEFAULTS,
    *,
    pace: Pace = lambda: 256,
    checkpoint: Checkpoint | None = None,
    allocate: Allocate = in_memory,
    threads: int = 1,
) -> Training:
    """A training to be iterated over for its events. Raises GraphRefused or DataRefused before the first.

    threads: how many may share a step that is long enough; it changes no bit of what is learnt.
    """
    rows = usable_rows(table, targets(graph, target))
    parts = split(rows, holdout_share(settings, len(rows)), settings.seed)
    plan = compile(graph, table, parts.train, target, standardise=settings.standardise)
    work = _work(plan, table, settings, allocate)
    return Training(
        work, parts, settings, pace=pace, checkpoint=checkpoint, left_out_rows=table.rows - len(rows), threads=threads
    )


def usable_rows(table: Table, wanted: tuple[str, ...]) -> RowIds:
    """The rows that have all targets. Raises DataRefused when there are none."""
    known = np.ones(table.rows, bool)
    for name in wanted:
        column = table.column(name)
        known &= table.data[name] >= 0 if column.type in CODED else np.isfinite(table.data[name])
    rows = np.flatnonzero(known)
    if not len(rows):
        raise DataRefused(f"No row of the table has a value for {' and '.join(wanted)}. Choose another target.")
    return rows


class Training:
    """A training under way. Iterate over it for its events; between two events it can be told things."""

    def __init__(
        self,
        work: Work,
        parts: Split,
        settings: Settings,
        *,
        pace: Pace,
        checkpoint: Checkpoint | None,
        left_out_rows: int,
        threads: int,
    ) -> None:
        self.plan, self.settings, self.parts = work.plan, settings, parts
        self.resolved: Resolved = resolve(settings, len(parts.train))
        self._work, self._pace, self._left_out_rows = work, pace, left_out_rows
        self._executor: Executor = tape_for(work, self.resolved.batch_size, threads) or Callbacks(work)
        self._order = Order(parts.train, self.resolved.batch_size, settings.seed)
        self._schedule = schedules.catalogue()[settings.schedule]
        self._reader = Reader(work, parts.train)
        self._stopping = False
        self._base_rate = checkpoint.base_rate if checkpoint else self.resolved.learning_rate
        self._state = checkpoint.state if checkpoint else self._fresh_state()

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
        """The parameters as they are; not to be written to."""
        return np.asarray(self._state.parameters, np.float64)

    def stop(self) -> None:
        """Lets the training end after the slice that it is in, keeping what was learnt."""
        self._stopping = True

    def checkpoint(self) -> Checkpoint:
        """All that is needed to go on from here."""
        return Checkpoint(self._state, self._base_rate)

    def __iter__(self) -> Iterator[Event]:
        if self._state.step == 0:
            yield self._started()
        yield self._reading(
            judge(self._work, self._state.parameters, self.parts.train[:JUDGED_ROWS], self._softness_now())
        )
        while self._state.step < self.resolved.steps and not self._stopping:
            taken = self._slice()
            if isinstance(taken, Diverged):
                yield taken
                return
            yield self._reading(in_target_units(self._work, taken[-self._order.steps_per_epoch :].mean(axis=0)))
        yield self._finished()

    def _fresh_state(self) -> State:
        parameters = self.plan.start(self.settings.seed).astype(self._work.features.dtype)
        memory = tuple(np.zeros_like(parameters) for _ in range(self._work.optimizer.memory))
        return State(parameters, memory, 0)

    def _slice(self) -> NDArray[np.float64] | Diverged:
        """Takes a slice of steps; the losses of each, or the news that they are no numbers any more."""
        most = min(max(1, self._pace()), LONGEST_SLICE, self.resolved.steps - self._state.step)
        before = self._state
        self._state, found = self._advance(before, most)
        if np.isfinite(found).all() and np.isfinite(self._state.parameters).all():
            return found
        return self._diverged(before, found)

    def _advance(self, state: State, most: int) -> tuple[State, NDArray[np.float64]]:
        batches = self._order.batches(state.step, most)
        progress = (state.step + np.arange(batches.steps)) / self.resolved.steps
        return self._executor.advance(
            state, batches, self._base_rate * self._schedule.factor(progress), self._softness(progress)
        )

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
        self._state = before
        while good:
            self._state, _ = self._advance(before, good)
            if np.isfinite(self._state.parameters).all():
                break
            self._state, good = before, good - 1
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
        )

    def _reading(self, train: Sequence[float | None]) -> Reading:
        softness = self._softness_now()
        holdout = judge(self._work, self._state.parameters, self.parts.holdout[:JUDGED_ROWS], softness)
        seen = self._reader.read(self._state.parameters, softness)
        losses = self._by_estimate([Losses(*pair) for pair in zip(train, holdout, strict=True)])
        return Reading(
            self._state.step,
            self._epoch(),
            self._base_rate,
            softness,
            losses,
            seen.nodes,
            seen.wires,
            seen.rows,
        )

    def _finished(self) -> Finished:
        """Judges on all rows, everything hard."""
        parameters = self._state.parameters
        pairs = zip(
            judge(self._work, parameters, self.parts.train),
            judge(self._work, parameters, self.parts.holdout),
            strict=True,
        )
        seen = self._reader.read(parameters, 0.0)
        reason = "stopped" if self._state.step < self.resolved.steps else "epochs"
        losses = self._by_estimate([Losses(*pair) for pair in pairs])
        return Finished(self._state.step, self._epoch(), reason, losses, seen.nodes, seen.wires, seen.rows)

    def _by_estimate(self, losses: Sequence[Losses]) -> dict[str, Losses]:
        return {estimate.node: loss for estimate, loss in zip(self.plan.estimates, losses, strict=True)}


def _work(plan: Plan, table: Table, settings: Settings, allocate: Allocate) -> Work:
    """Prepares columns and targets of all rows, in the precision of the training."""
    dtype = np.dtype(settings.precision)
    features = plan.preparation.apply(table, allocate("features", (table.rows, plan.preparation.width), dtype))
    wanted = allocate("targets", (table.rows, len(plan.estimates)), dtype)
    for place, estimate in enumerate(plan.estimates):
        wanted[:, place] = (table.data[estimate.target.column] - estimate.target.center) / estimate.target.scale
    loss = losses.catalogue()[settings.loss]
    optimizer = optimizers.catalogue()[settings.optimizer]
    return Work(plan, features, wanted, [loss] * len(plan.estimates), optimizer, settings.seed)
