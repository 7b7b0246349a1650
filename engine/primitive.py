"""What a primitive is: one operation on rows, with the feedback to it written beside it.

A primitive holds no parameters and remembers nothing. It is given its inputs and parameters, and gives back its
result and a callback; the callback takes feedback on the result and gives feedback on every input and every
parameter. Neither changes an array that it was given.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import ClassVar, Protocol, TypeAlias, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Array, PrimitiveFeedback, RowIds, Rows
from engine.discovery import Found
from engine.errors import ShapeMismatch
from engine.shown import Shown

Shape: TypeAlias = tuple[int, ...]


@dataclass(frozen=True)
class Moment:
    """What a primitive may know about the step that it is part of.

    softness: how soft a maximum is, in the units of its inputs; 0 is the maximum itself.
    learning: whether the step trains, which is when dropout drops.
    seed, step, rows: what a primitive that draws at random draws from, so that any worker can redo the step.
    groups: where each group of rows begins and the last one ends; None where rows are not grouped.
    """

    softness: float = 0.0
    learning: bool = False
    seed: int = 0
    step: int = 0
    rows: RowIds | None = None
    groups: RowIds | None = None

    def numbers(self, count: int) -> RowIds | None:
        """What numbers so many rows: their own, or those of their groups' first rows."""
        if self.rows is None or self.groups is None or count == len(self.rows):
            return self.rows
        return np.asarray(self.rows[self.groups[:-1]])


@dataclass(frozen=True)
class Primitive:
    """One operation on rows. Each has a file that says `primitive = ...` and `examples = ...` for the tests to sweep.

    title, help, formula, feedback: what the handbook says: its name, one sentence on what it does, the result as a
        formula, and one sentence on what becomes of the feedback. shown: what its picture shows it with.
    piecewise_linear: whether the result is a linear formula of the inputs wherever the winners stay the same.
    linear: whether it is one formula everywhere, linear in the inputs as it is in the parameters.
    row_by_row: whether each row of the result comes of one row of the inputs; of a group of rows, if not.
    """

    title: ClassVar[str]
    help: ClassVar[str]
    formula: ClassVar[str]
    feedback: ClassVar[str]
    shown: ClassVar[Shown] = Shown()
    piecewise_linear: ClassVar[bool] = True
    linear: ClassVar[bool] = False
    row_by_row: ClassVar[bool] = True

    def width(self, widths: Sequence[int]) -> int:
        """The width of the result: here, of the one input. Raises ShapeMismatch when the inputs do not go together."""
        if len(widths) != 1:
            raise ShapeMismatch(f"it takes one input and is given {len(widths)}.")
        return widths[0]

    def shapes(self, widths: Sequence[int]) -> Sequence[Shape]:
        """The shape of each parameter: here, there are none."""
        return ()

    def forward(
        self, inputs: Sequence[Rows], parameters: Sequence[Array], moment: Moment
    ) -> tuple[Rows, PrimitiveFeedback]:
        """The result, and the callback that answers feedback on it."""
        raise NotImplementedError


@runtime_checkable
class Selective(Protocol):
    """A primitive that lets one of its inputs through, row by row.

    first_contender: the first input that can be let through; those before it only decide.
    """

    first_contender: ClassVar[int]

    def winners(self, inputs: Sequence[Rows]) -> NDArray[np.integer]:
        """rows x width: the index of the input that is let through."""
        ...


@cache
def catalogue() -> Mapping[str, type[Primitive]]:
    """Every primitive there is, by name of its file."""
    return Found("engine.primitives", "primitive")


@cache
def examples(name: str) -> Sequence[tuple[Primitive, Sequence[int]]]:
    """Some of a primitive, each with the widths of inputs that suit it."""
    found: Sequence[tuple[Primitive, Sequence[int]]] = Found("engine.primitives", "examples")[name]
    return found


def describe(name: str) -> dict[str, str]:
    """The plain form of a primitive, for the handbook."""
    primitive = catalogue()[name]
    described = {"title": primitive.title, "help": primitive.help}
    return {"primitive": name, **described, "formula": primitive.formula, "feedback": primitive.feedback}
