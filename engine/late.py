"""Feedback that comes late, when the workers have learnt something else meanwhile.

A callback answers with the parameters that made its result. That is exact for the estimate that was given, and stale
for the worker as it is today: with many tasks waiting, a team is pushed away from where it has long left.
"""

from __future__ import annotations

from engine.arrays import Feedback, Rows
from engine.once import once
from engine.workers import Called, Group, private


class Recomputed(Group):
    """A worker that does a task once more when feedback on it comes, and holds only the task until then."""

    def __call__(self, task: Rows) -> tuple[Rows, Feedback]:
        """The result of today; its callback answers with the parameters of the day on which it is called."""
        (worker,), kept = self.workers, private(task)
        result, _ = worker(kept)

        def feedback(re_result: Rows) -> Rows:
            re_task: Rows = worker(kept)[1](re_result)
            return re_task

        return result, once(feedback, result)


def with_recompute(worker: Called) -> Recomputed:
    """The same worker, whose callbacks answer with the parameters that it has when they are called."""
    return Recomputed([worker])
