"""A recorded way of working: primitives in order, each reading results that stand before it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from engine.errors import SettingRefused, ShapeMismatch
from engine.primitive import Primitive, Shape
from engine.start import Start

TASK = 0
"""The slot of the task: all prepared features of the rows."""


@dataclass(frozen=True)
class Parameter:
    """One array that a node learns."""

    node: str
    name: str
    shape: Shape
    start: Start


@dataclass(frozen=True)
class Step:
    """One primitive at work. Its result stands in the slot after those of the steps before it."""

    primitive: Primitive
    inputs: tuple[int, ...]
    parameters: tuple[int, ...]
    node: str


@dataclass(frozen=True)
class Program:
    """Steps in working order. Slot 0 is the task; slot n + 1 is the result of step n."""

    steps: tuple[Step, ...]
    parameters: tuple[Parameter, ...]
    widths: tuple[int, ...]


class Recorder:
    """Writes a program down, step by step. Kinds and workers record themselves on it."""

    def __init__(self, columns: Mapping[str, Sequence[int]]) -> None:
        """columns: by name, where a column's features stand in the task."""
        self._columns = columns
        self._widths = [sum(len(places) for places in columns.values())]
        self._steps: list[Step] = []
        self._parameters: list[Parameter] = []
        self._places: dict[tuple[str, str], int] = {}
        self._node = ""
        self._owner = ""

    @property
    def node(self) -> str:
        """The id of the node that records at the moment."""
        return self._node

    @contextmanager
    def at(self, node: str, owner: str | None = None) -> Iterator[None]:
        """Records for a node; its parameters belong to `owner`, which is the node itself unless it shares them."""
        before = self._node, self._owner
        self._node, self._owner = node, owner or node
        try:
            yield
        finally:
            self._node, self._owner = before

    def places(self, columns: Sequence[str]) -> tuple[int, ...]:
        """Where the features of these columns stand in the task. Raises SettingRefused for an unknown column."""
        unknown = [name for name in columns if name not in self._columns]
        if unknown:
            raise SettingRefused(
                f"there is no column '{unknown[0]}' to train on; there are: {', '.join(self._columns)}"
            )
        return tuple(place for name in columns for place in self._columns[name])

    def width(self, slot: int) -> int:
        """How many numbers a row of this slot has."""
        return self._widths[slot]

    def step(self, primitive: Primitive, *inputs: int, **starts: Start) -> int:
        """Appends a step; its parameters are named, in the primitive's order, with how they start. Returns its slot.

        Raises ShapeMismatch when the inputs do not go together.
        """
        widths = [self._widths[slot] for slot in inputs]
        width = primitive.width(widths)
        shapes = primitive.shapes(widths)
        assert len(shapes) == len(starts), f"{type(primitive).__name__} has {len(shapes)} parameters"
        parameters = [
            self._parameter(name, shape, start) for (name, start), shape in zip(starts.items(), shapes, strict=True)
        ]
        self._steps.append(Step(primitive, inputs, tuple(parameters), self._node))
        self._widths.append(width)
        return len(self._steps)

    def program(self) -> Program:
        """What was recorded."""
        return Program(tuple(self._steps), tuple(self._parameters), tuple(self._widths))

    def _parameter(self, name: str, shape: Shape, start: Start) -> int:
        place = self._places.get((self._owner, name))
        if place is None:
            place = self._places[self._owner, name] = len(self._parameters)
            self._parameters.append(Parameter(self._owner, name, shape, start))
        elif self._parameters[place].shape != shape:
            raise ShapeMismatch("it shares the parameters of a worker that is given a different number of columns.")
        return place


def readers(program: Program) -> Sequence[Sequence[int]]:
    """For each slot, the steps that read it."""
    found: list[list[int]] = [[] for _ in program.widths]
    for index, step in enumerate(program.steps):
        for slot in step.inputs:
            found[slot].append(index)
    return found
