"""Everything that the engine raises.

    EngineError
    +-- FeedbackAlreadyGiven   a callback was called a second time
    +-- ShapeMismatch          an array does not have the rows or columns that it must have
    +-- SettingRefused         a setting is unknown, or its value is out of bounds
    +-- GraphRefused           a graph has problems and cannot be compiled
    +-- DataRefused            a table or a row does not fit what is asked of it
    +-- ModelRefused           a model document is not one that we can read

A person's mistake while editing is a value (`engine.problem.Problem`); these are raised where code goes on
without having looked. Every message says which thing, what is the matter, what to do.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.problem import Problem


class EngineError(Exception):
    """The root: catch this to catch everything that the engine raises on purpose."""


class FeedbackAlreadyGiven(EngineError):
    """A callback answers once; a second answer would count the same feedback twice."""


class ShapeMismatch(EngineError, ValueError):
    """An array does not have the rows or columns that it must have."""


class SettingRefused(EngineError, ValueError):
    """A setting is unknown, or its value is out of bounds."""


class GraphRefused(EngineError, ValueError):
    """A graph has problems and cannot be compiled; `problems` lists all of them."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(" ".join(problem.message for problem in problems))
        self.problems = tuple(problems)


class DataRefused(EngineError, ValueError):
    """A table or a row does not fit what is asked of it."""


class ModelRefused(EngineError, ValueError):
    """A model document is not one that we can read."""
