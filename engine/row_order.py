"""Does the order of rows matter? A worker to whom it does not can be given many rows at once, in any order.

order_matters(worker, task).said     # "The order of rows does not matter: ..."
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Feedback, Rows
from engine.once import once
from engine.workers import Called, Group, private, undisturbed

ROWS, SHUFFLES = 32, 4
TOLERANCE = 1e-9
SHOWN = 8

Order: TypeAlias = NDArray[np.intp]


@dataclass(frozen=True)
class OrderVerdict:
    """matters: whether another order changed anything. rows: the rows that differ, from 0. said: the same in words."""

    matters: bool
    rows: tuple[int, ...]
    said: str


class Shuffled(Group):
    """A worker that gets its rows in another order each time; nobody outside can see it, if order does not matter."""

    def __init__(self, worker: Called, seed: int = 0) -> None:
        super().__init__([worker])
        self._generator = np.random.default_rng(seed)

    def __call__(self, task: Rows) -> tuple[Rows, Feedback]:
        """The result in the order of the task; a result of other rows than the task's is handed on as it is."""
        (worker,), task = self.workers, private(task)
        order = self._generator.permutation(len(task))
        given, callback = worker(task[order])
        by_row = len(given) == len(task)
        result = put_back(given, order) if by_row else given

        def feedback(re_result: Rows) -> Rows:
            return put_back(callback(re_result[order] if by_row else re_result), order)

        return result, once(feedback, result)


def with_shuffled(worker: Called, seed: int = 0) -> Shuffled:
    """The worker, given its rows in another order each time; result and feedback come back in the order of the task."""
    return Shuffled(worker, seed)


def put_back(shuffled: Rows, order: Order) -> Rows:
    """Undoes `rows[order]`."""
    result = np.empty_like(shuffled)
    result[order] = shuffled
    return result


def order_matters(worker: Called, task: Rows, *, shuffles: int = SHUFFLES, seed: int = 0) -> OrderVerdict:
    """Works on the task as it is and in other orders, and compares result and feedback, row by row.

    The worker is left as it was. Where it makes other rows than the task's, such as one estimate for a whole table, the
    rows of the result are compared, and those of the feedback.
    """
    task = private(task)
    differ: set[int] = set()
    with undisturbed(worker):
        result, callback = worker(task)
        re_result = np.random.default_rng(seed).normal(size=result.shape)
        re_task = callback(re_result)
        shuffled = with_shuffled(worker, seed)
        for _ in range(shuffles):
            other, callback = shuffled(task)
            differ |= {*_differing(result, other, task), *_differing(re_task, callback(re_result), re_result)}
    rows = tuple(sorted(differ))
    return OrderVerdict(bool(rows), rows, _said(rows, len(task), shuffles))


def _differing(first: Rows, second: Rows, made_of: Rows) -> list[int]:
    """The rows that are further apart than rounding explains: sums come out a little different in another order."""
    slack = TOLERANCE * max(float(np.abs(one).max(initial=0.0)) for one in (first, made_of))
    differs = ~(np.abs(first - second) <= slack).all(axis=1)
    return [int(row) for row in np.flatnonzero(differs)]


def _said(rows: Sequence[int], count: int, shuffles: int) -> str:
    if not rows:
        return f"The order of rows does not matter: {count} rows came to the same in {shuffles} other orders."
    listed = ", ".join(str(row + 1) for row in rows[:SHOWN])
    more = f" and {len(rows) - SHOWN} more" if len(rows) > SHOWN else ""
    plural = "row" if len(rows) == 1 else "rows"
    return f"The order of rows matters: in another order, {plural} {listed}{more} of {count} came to something else."
