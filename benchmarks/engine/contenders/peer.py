"""What a contender is, and how one that is told its rows batch by batch is timed."""

from __future__ import annotations

import time
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from benchmarks.engine.assignment import Assignment

SHORT = 0.05  # seconds that are learnt between two looks at the clock


class Contender(Protocol):
    """Somebody who trains. other_work: whether the losses are not to be compared."""

    other_work: bool

    def losses(self, steps: int) -> NDArray[np.floating]:
        """The losses of the first steps."""
        ...

    def timed(self, seconds: float) -> tuple[int, float]:
        """Learns on for about so long; steps taken, and seconds of processor time."""
        ...


class Peer:
    """A contender that learns the batches that it is handed."""

    other_work = False
    whole_epochs = False

    def __init__(self, given: Assignment) -> None:
        self._order, self._steps = given.order, given.task.steps
        self._at, self._at_once = 0, self._steps if self.whole_epochs else 1

    def learn(self, batches: NDArray[np.int64]) -> Any:
        """batches: steps x rows of a batch; the loss of each step."""
        raise NotImplementedError

    def losses(self, steps: int) -> NDArray[np.floating]:
        found: list[Any] = []
        while len(found) < steps:
            found.extend(np.asarray(self.learn(self._next())))
        return np.array(found[:steps])

    def timed(self, seconds: float) -> tuple[int, float]:
        began, steps, spent = time.perf_counter(), 0, 0.0
        while not steps or time.perf_counter() - began < seconds:
            batches = self._next()
            before = time.process_time()
            self.learn(batches)
            took = time.process_time() - before
            steps, spent = steps + len(batches), spent + took
            if took < SHORT and not self.whole_epochs:
                self._at_once *= 2
        return steps, spent

    def _next(self) -> NDArray[np.int64]:
        if self._at + self._at_once > len(self._order):
            self._at, self._at_once = 0, min(self._at_once, len(self._order))
        self._at += self._at_once
        return self._order[self._at - self._at_once : self._at]
