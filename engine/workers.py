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
from contextlib import contextmanager
from typing import Any, TypeAlias

import numpy as np

from engine import start
from engine.arrays import Array, Feedback, Rows
from engine.callbacks import gather
from engine.errors import ShapeMismatch
from engine.once import once
from engine.primitive import Moment, Primitive
from engine.primitives.add import Add
from engine.primitives.affine import Affine

Called: TypeAlias = Callable[[Any], tuple[Any, Callable[[Any], Any]]]
"""What can be combined: anything that is called like a worker. A task is rows, or a list of groups of rows."""

NOW = Moment()


class Learner:
    """Parameters, and the feedback on each that was noted since they last learnt; None where there was none."""

    def __init__(self, parameters: Sequence[Array], names: Sequence[str] = ()) -> None:
        self.parameters: list[Array] = list(parameters)
        self.noted: list[Array | None] = [None] * len(parameters)
        self.names = tuple(names) or tuple(f"parameter {place + 1}" for place in range(len(parameters)))

    def note(self, re_parameters: Sequence[Array | None]) -> None:
        """Keeps feedback in mind, added to what is noted already."""
        gather(self.noted, range(len(self.noted)), re_parameters)

    def step(self, rate: float) -> None:
        """Takes a step of this length against what is noted."""
        for place, noted in enumerate(self.noted):
            if noted is not None:
                self.parameters[place] = self.parameters[place] - rate * noted
        self.noted = [None] * len(self.noted)


class Worker:
    """Anything that is called with a task and whose members can learn."""

    def members(self) -> Iterator[Learner]:
        """Every holder of parameters that takes part, each once however often it does."""
        raise NotImplementedError

    def learn(self, rate: float) -> None:
        """Lets every member take a step of this length against the feedback noted since the last one."""
        for member in self.members():
            member.step(rate)


class Single(Learner, Worker):
    """One primitive with its parameters."""

    def __init__(
        self, primitive: Primitive, columns: int, parameters: Sequence[Array] = (), names: Sequence[str] = ()
    ) -> None:
        super().__init__(parameters, names)
        self._primitive, self._columns = primitive, columns

    def __call__(self, task: Rows) -> tuple[Rows, Feedback]:
        """Raises ShapeMismatch when the task does not have the columns that the worker was made for."""
        task = private(task, self._columns)
        result, callback = self._primitive.forward([task], self.parameters, NOW)

        def feedback(re_result: Rows) -> Rows:
            (re_task,), re_parameters = callback(re_result)
            self.note(re_parameters)
            return np.zeros_like(task) if re_task is None else re_task

        return result, once(feedback, result)

    def members(self) -> Iterator[Learner]:
        """Itself."""
        yield self


class Group(Worker):
    """Workers that learn together."""

    def __init__(self, workers: Sequence[Called]) -> None:
        if not workers:
            raise ShapeMismatch("A team needs at least one worker. Give it a list of them.")
        self.workers = tuple(workers)

    def members(self) -> Iterator[Learner]:
        """Those of all its workers."""
        seen: set[int] = set()
        for worker in self.workers:
            for member in members_of(worker):
                if id(member) not in seen:
                    seen.add(id(member))
                    yield member


class Team(Group):
    """Workers that all get the same task, and a way of combining their estimates, which may have learnt as well."""

    def __init__(
        self,
        primitive: Primitive,
        workers: Sequence[Called],
        parameters: Sequence[Array] = (),
        names: Sequence[str] = (),
        softness: float = 0.0,
    ) -> None:
        super().__init__(workers)
        self.own = Learner(parameters, names)
        self._primitive, self._moment = primitive, Moment(softness)

    def __call__(self, task: Rows) -> tuple[Rows, Feedback]:
        """Gives everyone the task and combines what they estimate."""
        estimates, callbacks = zip(*(worker(task) for worker in self.workers), strict=True)
        self._primitive.width([estimate.shape[1] for estimate in estimates])
        result, split = self._primitive.forward(estimates, self.own.parameters, self._moment)

        def feedback(re_result: Rows) -> Rows:
            re_estimates, re_parameters = split(re_result)
            self.own.note(re_parameters)
            answers = [callback(told) for callback, told in zip(callbacks, re_estimates, strict=True)]
            return Add().forward(answers, (), NOW)[0]

        return result, once(feedback, result)

    def members(self) -> Iterator[Learner]:
        """Those of all its workers, and what the combining itself has learnt."""
        yield from super().members()
        if self.own.parameters:
            yield self.own


class Chain(Group):
    """Workers one after the other, each working on what the one before it gives."""

    def __call__(self, task: Any) -> tuple[Any, Callable[[Any], Any]]:
        """Hands the task from worker to worker."""
        result, callbacks = task, []
        for worker in self.workers:
            result, callback = worker(result)
            callbacks.append(callback)

        def feedback(re_result: Any) -> Any:
            for callback in reversed(callbacks):
                re_result = callback(re_result)
            return re_result

        return result, once(feedback, result)


def private(task: Rows, columns: int | None = None) -> Rows:
    """A copy that nobody can change between the task and its feedback. Raises ShapeMismatch for other columns."""
    try:
        own = np.array(task, dtype=float)
    except ValueError as error:
        raise ShapeMismatch("The task must be numbers in rows x columns, every row as long as the others.") from error
    if own.ndim != 2 or (columns is not None and own.shape[1] != columns):
        wanted = "columns" if columns is None else columns
        raise ShapeMismatch(f"The task has the shape {own.shape}; this worker takes rows x {wanted}.")
    own.setflags(write=False)
    return own


def members_of(worker: object) -> tuple[Learner, ...]:
    """Every holder of parameters that takes part; none in a plain function."""
    return tuple(worker.members()) if isinstance(worker, Worker) else ()


@contextmanager
def undisturbed(worker: Called) -> Iterator[Sequence[Learner]]:
    """The members of a worker with nothing noted; whatever they learn or note meanwhile is forgotten afterwards."""
    members = members_of(worker)
    before = [(list(member.parameters), list(member.noted)) for member in members]
    try:
        for member in members:
            member.noted = [None] * len(member.noted)
        yield members
    finally:
        for member, (parameters, noted) in zip(members, before, strict=True):
            member.parameters, member.noted = parameters, noted


def linear(columns: int, seed: int = 0, width: int = 1) -> Single:
    """A worker that learns a weighted sum: task rows x columns -> result rows x width."""
    generator = start.generator_for(seed, "linear")
    weights, bias = start.spread(generator, (width, columns)), start.small(generator, (width,))
    return Single(Affine(width), columns, (weights, bias), ("weights", "bias"))
