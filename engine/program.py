"""A recorded way of working: primitives in order, each reading results that stand before it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias

from engine.arrays import Array
from engine.errors import SettingRefused, ShapeMismatch
from engine.graph import Graph
from engine.primitive import Primitive, Shape
from engine.start import Start, fixed
from engine.unit import AS_IT_IS, Unit

if TYPE_CHECKING:
    from engine.target import Target

Inputs: TypeAlias = Mapping[str, tuple[int, ...]]
"""By port, the slots that come in, in the order of their wires."""

Known: TypeAlias = Mapping[str, Mapping[str, Array]]
"""By owner and name, the numbers of a parameter."""

NOTHING_KNOWN: Known = MappingProxyType({})

Targets: TypeAlias = "Mapping[str, Target]"
"""By estimate, what it is compared with."""

NO_TARGETS: Targets = MappingProxyType({})

TASK = 0
"""The slot of the task: all prepared features of the rows."""


@dataclass(frozen=True)
class Parameter:
    """One array that a node learns.

    speed: what the learning rate is multiplied by; 0 keeps it as it started. low, high: bounds that it stays within.
    line: whether it begins as part of the best line through the target, where there are rows to draw one through.
    """

    node: str
    name: str
    shape: Shape
    start: Start
    speed: float = 1.0
    low: float = -math.inf
    high: float = math.inf
    line: bool = False


@dataclass(frozen=True)
class TaskColumn:
    """A column of the table as the task holds it: where its features stand, and how its numbers were scaled.

    A number's first feature is (value - center) / scale. categories: what a category's features stand for, in order.
    flagged: whether the last feature says that the value was missing. type: the column's, as far as it is known.
    """

    places: Sequence[int]
    center: float = 0.0
    scale: float = 1.0
    fill: float = 0.0
    categories: tuple[str, ...] = ()
    flagged: bool = False
    type: str = "number"


@dataclass(frozen=True)
class Learnt:
    """How a parameter starts and what holds it: bounds, or that it is not learnt at all. line: see Parameter."""

    start: Start
    low: float = -math.inf
    high: float = math.inf
    frozen: bool = False
    line: bool = False


@dataclass(frozen=True)
class Step:
    """One primitive at work. Its result stands in the slot after those of the steps before it."""

    primitive: Primitive
    inputs: tuple[int, ...]
    parameters: tuple[int, ...]
    node: str


@dataclass(frozen=True)
class Program:
    """Steps in working order. Slot 0 is the task; slot n + 1 is the result of step n.

    grouped: by slot, whether it has one row for each group of rows.
    """

    steps: tuple[Step, ...]
    parameters: tuple[Parameter, ...]
    widths: tuple[int, ...]
    grouped: tuple[bool, ...] = ()


@dataclass(frozen=True)
class Post:
    """Where a recorder stands: for whom it records, and what that node has before it.

    node: the id of the node; owner: whose parameters it works with; speed: what its learning rate is multiplied by.
    unit: how people are told its result. task, columns: the slot of the table's features, and how that holds columns.
    given: the slot of what the team around the node is given; None outside of teams.
    learnt: by owner and name, what parameters begin with in a model that has learnt already; None outside of models.
    targets: by estimate, what it is compared with, as far as that is known; target: that of the node itself.
    """

    node: str = ""
    owner: str = ""
    speed: float = 1.0
    unit: Unit = AS_IT_IS
    task: int = TASK
    columns: Mapping[str, TaskColumn] = field(default_factory=dict)
    given: int | None = None
    learnt: Known | None = None
    targets: Targets = field(default_factory=dict)
    target: Target | None = None


class Recorder:
    """Writes a program down, step by step. Kinds and workers record themselves on it.

    known: by owner and name, the numbers that a parameter starts from in place of its own start, if they fit.
    """

    def __init__(
        self, columns: Mapping[str, TaskColumn], known: Known = NOTHING_KNOWN, targets: Targets = NO_TARGETS
    ) -> None:
        self._widths = [sum(len(column.places) for column in columns.values())]
        self._grouped = [False]
        self._steps: list[Step] = []
        self._parameters: list[Parameter] = []
        self._places: dict[tuple[str, str], int] = {}
        self._known = known
        self.post = Post(columns=columns, targets=targets)

    @contextmanager
    def at(self, node: str, owner: str | None = None, *, speed: float = 1.0, **seen: Any) -> Iterator[None]:
        """Records for a node; its parameters belong to `owner`, which is the node itself unless it shares them.

        A node inside another learns at most as fast as that one. seen: what else of its post is another's.
        """
        before = self.post
        self.post = replace(before, node=node, owner=owner or node, speed=before.speed * speed, **seen)
        try:
            yield
        finally:
            self.post = before

    def again(self, node: str, inputs: Inputs) -> int:
        """Records another node's work here, with that node's parameters. Raises SettingRefused for an unknown node."""
        raise SettingRefused(f"there is no worker '{node}' whose parameters it could use.")

    def inside(self, graph: Graph, result: str) -> int:
        """Records the graph that the node holds, and gives the slot of one of its nodes. Raises SettingRefused."""
        raise SettingRefused("nobody can work inside it.")

    def column(self, name: str) -> TaskColumn:
        """A column of the task. Raises SettingRefused when there is none."""
        columns = self.post.columns
        if name not in columns:
            known = ", ".join(columns) or "none"
            raise SettingRefused(f"there is no column '{name}' to learn from; there are: {known}.")
        return columns[name]

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
        grouped = self._is_grouped(primitive, inputs)
        width = primitive.width(widths)
        shapes = primitive.shapes(widths)
        assert len(shapes) == len(starts), f"{type(primitive).__name__} has {len(shapes)} parameters"
        parameters = tuple(self._parameter(*pair, shape) for pair, shape in zip(starts.items(), shapes, strict=True))
        self._steps.append(Step(primitive, inputs, parameters, self.post.node))
        self._widths.append(width)
        self._grouped.append(grouped)
        return len(self._steps)

    def program(self) -> Program:
        """What was recorded."""
        return Program(tuple(self._steps), tuple(self._parameters), tuple(self._widths), tuple(self._grouped))

    def _is_grouped(self, primitive: Primitive, inputs: Sequence[int]) -> bool:
        """Whether the result has a row for each group. Raises ShapeMismatch."""
        grouped = {self._grouped[slot] for slot in inputs}
        if len(grouped) > 1:
            raise ShapeMismatch("it is given rows and groups of rows at once. Group what comes row by row first.")
        if not primitive.row_by_row and True in grouped:
            raise ShapeMismatch("it is given groups already, which it cannot group again.")
        return not primitive.row_by_row or True in grouped

    def _parameter(self, name: str, given: Start | Learnt, shape: Shape) -> int:
        learnt, owner = given if isinstance(given, Learnt) else Learnt(given), self.post.owner
        place = self._places.get((owner, name))
        if place is None:
            place = self._places[owner, name] = len(self._parameters)
            speed = 0.0 if learnt.frozen else self.post.speed
            begun = self._start(owner, name, learnt.start, shape)
            line = learnt.line and begun is learnt.start
            self._parameters.append(Parameter(owner, name, shape, begun, speed, learnt.low, learnt.high, line))
        elif self._parameters[place].shape != shape:
            raise ShapeMismatch("it shares the parameters of a worker that is given a different number of columns.")
        return place

    def _start(self, owner: str, name: str, usual: Start, shape: Shape) -> Start:
        known, learnt = self._known.get(owner, {}).get(name), self.post.learnt
        if known is not None and known.shape == tuple(shape):
            return fixed(known)
        if learnt is None:
            return usual
        found = learnt.get(owner, {}).get(name)
        if found is None or found.shape != tuple(shape):
            raise SettingRefused(
                f"the model does not hold '{name}' of '{owner}' as {' x '.join(map(str, shape))} numbers."
            )
        return fixed(found)


def readers(program: Program) -> Sequence[Sequence[int]]:
    """For each slot, the steps that read it."""
    found: list[list[int]] = [[] for _ in program.widths]
    for index, step in enumerate(program.steps):
        for slot in step.inputs:
            found[slot].append(index)
    return found
