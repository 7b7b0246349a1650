"""Combinators: each makes one worker of several, which takes a task and gives a result and a callback like any other.

What a combinator lets through gets the feedback, and what it holds back gets none. A worker that is given several
times takes part several times with the one set of parameters, and learns from all of it.

Whoever lets one through alone can start soft: the larger the softness, the more everybody takes part. Combine the same
workers anew with less of it as they learn.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.arrays import Feedback, Rows
from engine.once import once
from engine.primitives.add import Add
from engine.primitives.choose import Choose
from engine.primitives.concatenate import Concatenate
from engine.primitives.extreme import Extreme
from engine.primitives.median import Median
from engine.primitives.multiply import Multiply
from engine.primitives.weigh import Weigh
from engine.workers import Called, Chain, Team, private


def combine_by_addition(workers: Sequence[Called]) -> Team:
    """The sum of the estimates; everyone gets all of the feedback."""
    return Team(Add(), workers)


def combine_by_average(workers: Sequence[Called]) -> Chain:
    """The addition, divided by how many there are; everyone gets an equal share of the feedback."""
    team = combine_by_addition(workers)
    return Chain([team, scaled_by(1 / len(workers))])


def combine_by_weighted_average(workers: Sequence[Called]) -> Team:
    """The estimates by shares that it learns, equal at first; everyone gets the feedback times their share."""
    return Team(Weigh(), workers, (np.zeros(len(workers)),), ("scores",))


def combine_by_maximum(workers: Sequence[Called], softness: float = 0.0) -> Team:
    """The highest estimate of each row, of equal ones the first; only the winner gets the row's feedback."""
    return Team(Extreme(highest=True), workers, softness=softness)


def combine_by_minimum(workers: Sequence[Called], softness: float = 0.0) -> Team:
    """The lowest estimate of each row, of equal ones the first; only the winner gets the row's feedback."""
    return Team(Extreme(highest=False), workers, softness=softness)


def combine_by_median(workers: Sequence[Called]) -> Team:
    """The middle estimate of each row, of an even number the mean of the middle two; only they get the feedback."""
    return Team(Median(), workers)


def combine_by_multiplication(workers: Sequence[Called]) -> Team:
    """The product of the estimates; everyone gets the feedback times all the others."""
    return Team(Multiply(), workers)


def combine_by_concatenation(workers: Sequence[Called]) -> Team:
    """The results side by side; the feedback is cut where they were joined, and each gets its own part."""
    return Team(Concatenate(), workers)


def combine_by_difference(plus: Sequence[Called], less: Sequence[Called]) -> Team:
    """The sum of some estimates less that of others, who get the feedback turned round."""
    return Team(Add(), [*plus, *(chain([worker, scaled_by(-1.0)]) for worker in less)])


def combine_by_choice(workers: Sequence[Called], scores: Called, softness: float = 0.0) -> Team:
    """For each row the estimate of one worker alone: the one whose score is highest. Only that one gets the feedback.

    scores: gives one number for each of the workers, rows x workers. It is told nothing while the choice is hard,
    because nobody can say what a little more of a score would have changed; softly it learns whom to choose.
    """
    return Team(Choose(), [scores, *workers], softness=softness)


def chain(workers: Sequence[Called]) -> Chain:
    """One after the other, each working on what the one before it gives; feedback comes back the other way round."""
    return Chain(workers)


def residual(worker: Called) -> Team:
    """The task itself, plus what the worker makes of it; it must be as wide as the task."""
    return Team(Add(), [passed_on, worker])


def passed_on(task: Rows) -> tuple[Rows, Feedback]:
    """A worker that hands its task on as it is, and the feedback too."""
    own = private(task)
    return own, once(lambda re_result: re_result, own)


def scaled_by(factor: float) -> Called:
    """A worker that multiplies its task by one fixed number, and so the feedback."""

    def scaled(task: Rows) -> tuple[Rows, Feedback]:
        result = np.asarray(task) * factor
        return result, once(lambda re_result: re_result * factor, result)

    return scaled
