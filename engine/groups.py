"""Groups of rows: many tables worked on as one, and one estimate for a whole table.

A group is an array, rows x width, of as many rows as it has. `with_flatten` joins a list of them, works once and splits
the result again, and does the inverse with the feedback. The reduces make one row of each group.

    estimates, feedback = chain([with_flatten(alex), reduce_by_mean])([monday, tuesday])    # 2 x width
    re_monday, re_tuesday = feedback(re_estimates)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Feedback, Rows
from engine.errors import ShapeMismatch
from engine.once import once
from engine.workers import Called, Group

Groups: TypeAlias = Sequence[Rows]
"""Arrays of one width, each of as many rows as the group has."""

Sizes: TypeAlias = NDArray[np.intp]
"""How many rows each group has."""

Reduced: TypeAlias = tuple[Rows, Callable[[Rows], list[Rows]]]
"""Groups x width, and the callback: feedback on that -> feedback on each group."""


class Flattened(Group):
    """A worker of one table that does many at once."""

    def __call__(self, task: Groups) -> tuple[list[Rows], Callable[[list[Rows]], list[Rows]]]:
        """Its result for each group. Raises ShapeMismatch for groups that do not go together."""
        (worker,), (joined, sizes) = self.workers, flat(task)
        result, callback = worker(joined)
        if len(result) != len(joined):
            raise ShapeMismatch(
                f"The worker makes {len(result)} rows of {len(joined)}, so nobody can say whose they are. "
                "Give it one group at a time."
            )
        results = split(result, sizes)

        def feedback(re_results: list[Rows]) -> list[Rows]:
            return split(callback(np.concatenate(re_results)), sizes)

        return results, once(feedback, results)


def with_flatten(worker: Called) -> Flattened:
    """The worker for a list of groups: they are joined, worked on once, and split again, and so is the feedback.

    Only for a worker to whom the order of rows and their neighbours do not matter: see `engine.row_order`.
    """
    return Flattened([worker])


def reduce_by_sum(task: Groups) -> Reduced:
    """The sum of each group; every row gets all of the feedback. A group without rows comes to 0."""
    joined, sizes = flat(task)
    numbers = np.repeat(np.arange(len(sizes)), sizes)
    result = np.zeros((len(sizes), joined.shape[1]))
    np.add.at(result, numbers, joined)
    return _reduced(result, lambda re_result: re_result[numbers], sizes)


def reduce_by_mean(task: Groups) -> Reduced:
    """The mean of each group; every row gets an equal share of the feedback. Raises ShapeMismatch without rows."""
    _, sizes = _filled(task)
    counts = sizes[:, None]
    summed, feedback = reduce_by_sum(task)
    result = summed / counts
    return result, once(lambda re_result: feedback(re_result / counts), result)


def reduce_by_maximum(task: Groups) -> Reduced:
    """The highest number of each group, of equal ones the first; only the winner gets the feedback.

    Raises ShapeMismatch for a group without rows.
    """
    joined, sizes = _filled(task)
    starts = np.cumsum(sizes) - sizes
    winners = np.stack(
        [start + group.argmax(axis=0) for start, group in zip(starts, split(joined, sizes), strict=True)]
    )
    return _picked(joined, winners, sizes)


def reduce_by_first(task: Groups) -> Reduced:
    """The first row of each group; only that row gets the feedback. Raises ShapeMismatch for a group without rows."""
    joined, sizes = _filled(task)
    return _picked(joined, np.repeat((np.cumsum(sizes) - sizes)[:, None], joined.shape[1], axis=1), sizes)


def reduce_by_last(task: Groups) -> Reduced:
    """The last row of each group; only that row gets the feedback. Raises ShapeMismatch for a group without rows."""
    joined, sizes = _filled(task)
    return _picked(joined, np.repeat(np.cumsum(sizes)[:, None] - 1, joined.shape[1], axis=1), sizes)


def flat(groups: Groups) -> tuple[Rows, Sizes]:
    """The groups joined to one table, a copy that nobody can change, and their sizes. Raises ShapeMismatch."""
    tables = [np.asarray(group, dtype=float) for group in groups]
    if not tables:
        raise ShapeMismatch("There is no group. Give a list of at least one.")
    widths = {table.shape[1] if table.ndim == 2 else None for table in tables}
    if None in widths or len(widths) > 1:
        shapes = [table.shape for table in tables]
        raise ShapeMismatch(f"The groups have the shapes {shapes}; each must be rows x columns, equally wide.")
    joined = np.concatenate(tables)
    joined.setflags(write=False)
    return joined, np.array([len(table) for table in tables])


def split(joined: Rows, sizes: Sizes) -> list[Rows]:
    """The inverse: a table of its own for each group."""
    return [group.copy() for group in np.split(joined, np.cumsum(sizes)[:-1])]


def _filled(task: Groups) -> tuple[Rows, Sizes]:
    joined, sizes = flat(task)
    for number, size in enumerate(sizes, start=1):
        if not size:
            raise ShapeMismatch(f"Group {number} has no rows to make one of. Leave it out.")
    return joined, sizes


def _picked(joined: Rows, winners: NDArray[np.intp], sizes: Sizes) -> Reduced:
    """winners: groups x width, the row of the joined table that each number is taken from."""
    columns = np.arange(joined.shape[1])

    def feedback(re_result: Rows) -> Rows:
        re_joined = np.zeros_like(joined)
        re_joined[winners, columns] = re_result
        return re_joined

    return _reduced(joined[winners, columns], feedback, sizes)


def _reduced(result: Rows, feedback: Feedback, sizes: Sizes) -> Reduced:
    return result, once(lambda re_result: split(feedback(re_result), sizes), result)
