"""Short trainings from where a training begins, each with all its schedule in a few steps of a few rows."""

from __future__ import annotations

import math
from functools import cached_property

import numpy as np

from engine.arrays import RowIds
from engine.schedule import Schedule
from engine.tape.executor import tape_for
from engine.training.executor import Callbacks, Executor, State, Work
from engine.training.settings import Resolved
from engine.training.split import Order

STEPS = 400
FEW_ROWS = 16
"""In a batch of a try. Larger ones take longer, and tell less well which rate is too high."""


def few(resolved: Resolved) -> int:
    """How many rows a try answers at once."""
    return min(resolved.batch_size, FEW_ROWS)


class Tries:
    """Called with a learning rate: the loss that a try at it ends with, infinite where it runs away."""

    def __init__(
        self, work: Work, rows: RowIds, at_once: int, state: State, *, schedule: Schedule, softness: float
    ) -> None:
        """at_once: how many of the rows are answered at once. state: where each try begins."""
        self._work, self._rows, self._at_once, self._state = work, rows, at_once, state
        self._schedule, self._softness = schedule, softness

    def __call__(self, rate: float) -> float:
        state, ends = self._state, list[float]()
        while len(ends) < STEPS:
            batches = self._order.batches(len(ends), STEPS - len(ends))
            rates = rate * self._schedule.factor((len(ends) + np.arange(batches.steps)) / STEPS)
            state, found = self._executor.advance(state, batches, rates, np.full(batches.steps, self._softness))
            ends += found.sum(axis=1).tolist()
        return float(np.mean(ends[-STEPS // 5 :])) if np.isfinite(ends).all() else math.inf

    @cached_property
    def _order(self) -> Order:
        return Order(self._rows, self._at_once, self._work.seed)

    @cached_property
    def _executor(self) -> Executor:
        return tape_for(self._work, self._at_once) or Callbacks(self._work)
