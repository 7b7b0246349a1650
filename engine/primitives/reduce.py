"""Makes one row of each group of rows. Which rows are a group, the moment says; without that, all are one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Answer, Array, PrimitiveFeedback, Rows
from engine.primitive import Moment, Primitive

MEAN, SUM, MAXIMUM, FIRST, LAST = "mean", "sum", "maximum", "first", "last"
HOW = (MEAN, SUM, MAXIMUM, FIRST, LAST)


@dataclass(frozen=True)
class Reduce(Primitive):
    """One input of any width. A maximum is found for each number by itself; of equal rows the first has it."""

    title: ClassVar[str] = "Reduce"
    help: ClassVar[str] = "Makes one row of each group of rows: their mean, sum or maximum, the first or the last."
    formula: ClassVar[str] = "mean of x over the group"
    feedback: ClassVar[str] = "It is handed to each row of the group by its share, or to the one row that was taken."

    how: str = MEAN
    row_by_row: ClassVar[bool] = False

    def forward(
        self, inputs: Sequence[Rows], parameters: Sequence[Array], moment: Moment
    ) -> tuple[Rows, PrimitiveFeedback]:
        (task,) = inputs
        starts = np.array([0, len(task)]) if moment.groups is None else moment.groups
        result, shares = _REDUCE[self.how](task, starts)

        def feedback(re_result: Rows) -> Answer:
            return (np.repeat(re_result, np.diff(starts), axis=0) * shares,), ()

        return result, feedback


def _mean(task: Rows, starts: NDArray[np.integer]) -> tuple[Rows, Rows]:
    sizes = np.diff(starts)[:, None].astype(task.dtype)
    return np.add.reduceat(task, starts[:-1], axis=0) / sizes, np.repeat(1 / sizes, np.diff(starts), axis=0)


def _sum(task: Rows, starts: NDArray[np.integer]) -> tuple[Rows, Rows]:
    return np.add.reduceat(task, starts[:-1], axis=0), np.ones((1, 1), task.dtype)


def _maximum(task: Rows, starts: NDArray[np.integer]) -> tuple[Rows, Rows]:
    highest = np.maximum.reduceat(task, starts[:-1], axis=0)
    has_it = task == np.repeat(highest, np.diff(starts), axis=0)
    counted = np.cumsum(has_it, axis=0)
    before = np.vstack([np.zeros_like(counted[:1]), counted])[starts[:-1]]
    first = has_it & (counted - np.repeat(before, np.diff(starts), axis=0) == 1)
    return highest, first.astype(task.dtype)


def _first(task: Rows, starts: NDArray[np.integer]) -> tuple[Rows, Rows]:
    return _one_of(task, starts[:-1])


def _last(task: Rows, starts: NDArray[np.integer]) -> tuple[Rows, Rows]:
    return _one_of(task, starts[1:] - 1)


def _one_of(task: Rows, places: NDArray[np.integer]) -> tuple[Rows, Rows]:
    shares = np.zeros((len(task), 1), task.dtype)
    shares[places] = 1
    return task[places], shares


_REDUCE = {MEAN: _mean, SUM: _sum, MAXIMUM: _maximum, FIRST: _first, LAST: _last}

primitive = Reduce
examples = tuple((Reduce(how), (2,)) for how in HOW)
