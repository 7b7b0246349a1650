"""The essay's workers in Python: a call gives a result and a callback; combined workers are workers, at any depth.

    alex, bo = linear(columns=2, seed=1), linear(columns=2, seed=2)
    team = combine_by_maximum([alex, combine_by_average([alex, bo])])
    result, feedback = team(task)        # task: rows x 2, result: rows x 1
    re_task = feedback(re_result)        # rows x 2; a second call raises FeedbackAlreadyGiven
    team.learn(rate=0.1)                 # acts on all feedback since it last learnt

A worker notes the feedback that its callbacks are given, and acts on it when it is told to learn. A callback keeps the
parameters that made its result, whatever was learnt since: learning makes new arrays and leaves the old ones alone.
Any function of a task that returns a result and a callback can be combined too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

import numpy as np

from engine import start
from engine.arrays import Array, Feedback, Rows
from engine.callbacks import gather
from engine.errors import FeedbackAlreadyGiven, ShapeMismatch
from engine.primitive import Moment, Primitive
from engine.primitives.add import Add
from engine.primitives.affine import Affine
from engine.primitives.extreme import Extreme
from engine.primitives.scale import Scale

Called: TypeAlias = Callable[[Rows], tuple[Rows, Feedback]]
"""What can be combined: anything that is called like a worker."""

NOW = Moment()


class Single:
    """One primitive with its parameters."""

    def __init__(self, primitive: Primitive, columns: int, parameters: Sequence[Array]) -> None:
        self._primitive, self._columns = primitive, columns
        self.parameters: list[Array] = list(parameters)
        self._noted: list[Array | None] = [None] * len(parameters)

    def __call__(self, task: Rows) -> tuple[Rows, Feedback]:
        """Raises ShapeMismatch when the task does not have the columns that the worker was made for."""
        task = _private(task, self._columns)
        result, callback = self._primitive.forward([task], self.parameters, NOW)

        def feedback(re_result: Rows) -> Rows:
            (re_task,), re_parameters = callback(re_result)
            gather(self._noted, range(len(self._noted)), re_parameters)
            assert re_task is not None
            return re_task

        return result, once(feedback, result.shape)

    def members(self) -> Iterator[Single]:
        """Itself."""
        yield self

    def learn(self, rate: float) -> None:
        """Takes a step of this length against the feedback noted since the last one."""
        for place, noted in enumerate(self._noted):
            if noted is not None:
                self.parameters[place] = self.parameters[place] - rate * noted
        self._noted = [None] * len(self._noted)


class Group:
    """Workers that learn together."""

    def __init__(self, workers: Sequence[Called]) -> None:
        if not workers:
            raise ShapeMismatch("A team needs at least one worker. Give it a list of them.")
        self.workers = tuple(workers)

    def members(self) -> Iterator[Single]:
        """Every worker with parameters in the group, each once however often it takes part."""
        seen: set[int] = set()
        for worker in self.workers:
            for member in worker.members() if isinstance(worker, Single | Group) else ():
                if id(member) not in seen:
                    seen.add(id(member))
                    yield member

    def learn(self, rate: float) -> None:
        """Lets every member learn, each once."""
        for member in self.members():
            member.learn(rate)


class Team(Group):
    """Workers that all get the same task, and a way of combining their estimates."""

    def __init__(self, primitive: Primitive, workers: Sequence[Called]) -> None:
        super().__init__(workers)
        self._primitive = primitive

    def __call__(self, task: Rows) -> tuple[Rows, Feedback]:
        """Gives everyone the task and combines what they estimate."""
        estimates, callbacks = zip(*(worker(task) for worker in self.workers), strict=True)
        self._primitive.width([estimate.shape[1] for estimate in estimates])
        result, split = self._primitive.forward(estimates, (), NOW)

        def feedback(re_result: Rows) -> Rows:
            re_estimates, _ = split(re_result)
            answers = [callback(told) for callback, told in zip(callbacks, re_estimates, strict=True)]
            return Add().forward(answers, (), NOW)[0]

        return result, once(feedback, result.shape)


class Chain(Group):
    """Workers one after the other, each working on what the one before it gives."""

    def __call__(self, task: Rows) -> tuple[Rows, Feedback]:
        """Hands the task from worker to worker."""
        result, callbacks = task, []
        for worker in self.workers:
            result, callback = worker(result)
            callbacks.append(callback)

        def feedback(re_result: Rows) -> Rows:
            for callback in reversed(callbacks):
                re_result = callback(re_result)
            return re_result

        return result, once(feedback, result.shape)


def once(feedback: Feedback, shape: tuple[int, ...]) -> Feedback:
    """A callback that answers one time, and only feedback of its result's shape."""
    answered = False

    def answer(re_result: Rows) -> Rows:
        nonlocal answered
        if answered:
            raise FeedbackAlreadyGiven("This callback has answered already; work on the task again to get a new one.")
        told = np.array(re_result, dtype=float)
        if told.shape != shape:
            raise ShapeMismatch(f"Feedback has the shape {told.shape}; the result that it is about has {shape}.")
        answered = True
        return feedback(told)

    return answer


def linear(columns: int, seed: int = 0, width: int = 1) -> Single:
    """A worker that learns a weighted sum: task rows x columns -> result rows x width."""
    generator = start.generator_for(seed, "linear")
    weights, bias = start.spread(generator, (width, columns)), start.small(generator, (width,))
    return Single(Affine(width), columns, (weights, bias))


def combine_by_addition(workers: Sequence[Called]) -> Team:
    """The sum of the estimates; everyone gets all of the feedback."""
    return Team(Add(), workers)


def combine_by_average(workers: Sequence[Called]) -> Chain:
    """The addition, divided by how many there are; everyone gets an equal share of the feedback."""
    return Chain([combine_by_addition(workers), _scaled(1 / len(workers))])


def combine_by_maximum(workers: Sequence[Called]) -> Team:
    """The highest estimate of each row, of equal ones the first; only the winner gets the row's feedback."""
    return Team(Extreme(highest=True), workers)


def combine_by_minimum(workers: Sequence[Called]) -> Team:
    """The lowest estimate of each row, of equal ones the first; only the winner gets the row's feedback."""
    return Team(Extreme(highest=False), workers)


def _scaled(factor: float) -> Called:
    def scaled(result: Rows) -> tuple[Rows, Feedback]:
        return Scale(factor).forward([result], (), NOW)[0], lambda re_result: re_result * factor

    return scaled


def _private(task: Rows, columns: int) -> Rows:
    """A copy that nobody can change between the task and its feedback."""
    own = np.array(task, dtype=float)
    if own.ndim != 2 or own.shape[1] != columns:
        raise ShapeMismatch(f"The task has the shape {own.shape}; this worker takes rows x {columns}.")
    own.setflags(write=False)
    return own
