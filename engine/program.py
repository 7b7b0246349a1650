"""A recorded way of working: primitives in order, each reading results that stand before it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeAlias

from engine.errors import SettingRefused, ShapeMismatch
from engine.primitive import Primitive, Shape
from engine.start import Start

Inputs: TypeAlias = Mapping[str, tuple[int, ...]]
"""By port, the slots that come in, in the order of their wires."""

TASK = 0
"""The slot of the task: all prepared features of the rows."""


@dataclass(frozen=True)
class Parameter:
    """One array that a node learns.

    speed: what the learning rate is multiplied by; 0 keeps it as it started. low, high: bounds that it stays within.
    """

    node: str
    name: str
    shape: Shape
    start: Start
    speed: float = 1.0
    low: float = -math.inf
    high: float = math.inf


@dataclass(frozen=True)
class TaskColumn:
    """A column of the table as the task holds it: where its features stand, and how its numbers were scaled.

    A number's first feature is (value - center) / scale. categories: what a category's features stand for, in order.
    flagged: whether the last feature says that the value was missing.
    """

    places: Sequence[int]
    center: float = 0.0
    scale: float = 1.0
    fill: float = 0.0
    categories: tuple[str, ...] = ()
    flagged: bool = False


@dataclass(frozen=True)
class Learnt:
    """How a parameter starts and what holds it: bounds, or that it is not learnt at all."""

    start: Start
    low: float = -math.inf
    high: float = math.inf
    frozen: bool = False


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

    def __init__(self, columns: Mapping[str, TaskColumn]) -> None:
        self._columns = columns
        self._widths = [sum(len(column.places) for column in columns.values())]
        self._steps: list[Step] = []
        self._parameters: list[Parameter] = []
        self._places: dict[tuple[str, str], int] = {}
        self._node = ""
        self._owner = ""
        self._speed = 1.0
        self._again: Callable[[str, Inputs], int] | None = None

    @property
    def node(self) -> str:
        """The id of the node that records at the moment."""
        return self._node

    @contextmanager
    def at(self, node: str, owner: str | None = None, speed: float = 1.0) -> Iterator[None]:
        """Records for a node; its parameters belong to `owner`, which is the node itself unless it shares them.

        A node inside another learns at most as fast as that one.
        """
        before = self._node, self._owner, self._speed
        self._node, self._owner, self._speed = node, owner or node, self._speed * speed
        try:
            yield
        finally:
            self._node, self._owner, self._speed = before

    def teach_again(self, again: Callable[[str, Inputs], int]) -> None:
        """Says how a node is recorded in a second place: (its id, what comes in there) -> slot of the result."""
        self._again = again

    def again(self, node: str, inputs: Inputs) -> int:
        """Records another node's work here, with that node's parameters. Raises SettingRefused for an unknown node."""
        if self._again is None:
            raise SettingRefused(f"there is no worker '{node}' whose parameters it could use.")
        return self._again(node, inputs)

    def column(self, name: str) -> TaskColumn:
        """A column of the task. Raises SettingRefused when there is none."""
        if name not in self._columns:
            known = ", ".join(self._columns) or "none"
            raise SettingRefused(f"there is no column '{name}' to learn from; there are: {known}.")
        return self._columns[name]

    def places(self, columns: Sequence[str]) -> tuple[int, ...]:
        """Where the features of these columns stand in the task. Raises SettingRefused for an unknown column."""
        return tuple(place for name in columns for place in self.column(name).places)

    def width(self, slot: int) -> int:
        """How many numbers a row of this slot has."""
        return self._widths[slot]

    def step(self, primitive: Primitive, *inputs: int, **starts: Start | Learnt) -> int:
        """Appends a step; its parameters are named, in the primitive's order, with how they start. Returns its slot.

        Raises ShapeMismatch when the inputs do not go together.
        """
        widths = [self._widths[slot] for slot in inputs]
        width = primitive.width(widths)
        shapes = primitive.shapes(widths)
        assert len(shapes) == len(starts), f"{type(primitive).__name__} has {len(shapes)} parameters"
        parameters = tuple(self._parameter(*pair, shape) for pair, shape in zip(starts.items(), shapes, strict=True))
        self._steps.append(Step(primitive, inputs, parameters, self._node))
        self._widths.append(width)
        return len(self._steps)

    def program(self) -> Program:
        """What was recorded."""
        return Program(tuple(self._steps), tuple(self._parameters), tuple(self._widths))

    def _parameter(self, name: str, given: Start | Learnt, shape: Shape) -> int:
        learnt = given if isinstance(given, Learnt) else Learnt(given)
        place = self._places.get((self._owner, name))
        if place is None:
            place = self._places[self._owner, name] = len(self._parameters)
            speed = 0.0 if learnt.frozen else self._speed
            self._parameters.append(Parameter(self._owner, name, shape, learnt.start, speed, learnt.low, learnt.high))
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
