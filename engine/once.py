"""Callbacks answer once, and only feedback that has the shape of what it is about."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

from engine.errors import FeedbackAlreadyGiven, ShapeMismatch

Told = TypeVar("Told")
Answered = TypeVar("Answered")


def once(feedback: Callable[[Told], Answered], result: Told) -> Callable[[Told], Answered]:
    """A callback for this result, an array or a list of arrays, that is given a copy of the feedback.

    It raises FeedbackAlreadyGiven the second time, and ShapeMismatch for feedback that does not fit; that uses nothing
    up.
    """
    expected, answered = _shape(result), False

    def answer(re_result: Told) -> Answered:
        nonlocal answered
        if answered:
            raise FeedbackAlreadyGiven("This callback has answered already; work on the task again to get a new one.")
        told = _own(re_result)
        if _shape(told) != expected:
            raise ShapeMismatch(f"Feedback has the shape {_shape(told)}; the result that it is about has {expected}.")
        answered = True
        return feedback(told)

    return answer


def _shape(value: Any) -> Any:
    return [group.shape for group in value] if isinstance(value, list) else value.shape


def _own(value: Any) -> Any:
    if isinstance(value, list | tuple) and value and all(isinstance(group, np.ndarray) for group in value):
        return [np.array(group, dtype=float) for group in value]
    return np.array(value, dtype=float)
