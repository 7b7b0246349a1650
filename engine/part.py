"""A node of a graph by itself, as a worker: what it reads from others is its task, its parameters are its own.

part, task = part_of(graph, table, "dani")        # one node, and what it is given for the first rows of a table
maxout = worker("maxout", columns=3, pieces=4)    # a node of any kind, with its parameters as they start
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from engine import carried, preparation, start
from engine.arrays import Array, Feedback, RowIds, Rows
from engine.callbacks import run
from engine.errors import DataRefused, GraphRefused
from engine.fields import refusals
from engine.graph import Graph, Node, Wire
from engine.inside import unfolded, within
from engine.kind import catalogue
from engine.lowering import Lowered, lower
from engine.model import Model
from engine.once import once
from engine.primitive import Moment
from engine.primitives.pick import Pick
from engine.problem import Problem
from engine.program import NOTHING_KNOWN, TASK, Parameter, Program, Step, TaskColumn
from engine.table import Table
from engine.targets import usable
from engine.workers import NOW, Learner, Worker, private

ROWS, MEASURED = 8, 1_000
LEARNING = Moment(softness=1.0, learning=True, seed=1)


@dataclass(frozen=True)
class Read:
    """A part of the task: whose result it is ("" for the table itself), and how wide."""

    node: str
    width: int


@dataclass(frozen=True)
class Cut:
    """A node's steps as a program of its own, the slot of its result, and what its task is made of, side by side."""

    program: Program
    result: int
    read: tuple[Read, ...]


class Part(Learner, Worker):
    """The steps of one node as a worker. The parameters of a node inside it are called by that node too."""

    def __init__(self, cut: Cut, parameters: Sequence[Array], names: Sequence[str], moment: Moment = NOW) -> None:
        super().__init__(parameters, names)
        self._cut, self._moment = cut, moment

    @property
    def read(self) -> tuple[Read, ...]:
        """What its task is made of, side by side."""
        return self._cut.read

    def __call__(self, task: Rows) -> tuple[Rows, Feedback]:
        """Raises ShapeMismatch when the task is not as wide as what the node reads."""
        program, place = self._cut.program, self._cut.result
        task = private(task, program.widths[TASK])
        moment = _numbered(self._moment, len(task)) if self._moment.learning else self._moment
        slots, callback = run(program, task, self.parameters, moment)
        result = slots[place]

        def feedback(re_result: Rows) -> Rows:
            told = callback({place: re_result})
            self.note(told.parameters)
            re_task = told.slots[TASK]
            return np.zeros_like(task) if re_task is None else re_task

        return result, once(feedback, result)

    def members(self) -> Iterator[Learner]:
        """Itself."""
        yield self

    def while_learning(self) -> Part:
        """The same part in a step that trains: soft where it starts soft, some numbers dropped, rows in groups."""
        return Part(self._cut, self.parameters, self.names, LEARNING)


def part_of(
    graph: Graph,
    table: Table,
    node: str,
    target: str | None = None,
    *,
    rows: int = ROWS,
    seed: int = 0,
    after: Model | None = None,
) -> tuple[Part, Rows]:
    """A node of the graph, and its task for the first rows of the table (rows x what it reads).

    node: its id; of one inside a team "team/dani". Other nodes may be unfinished if this one does not need them.
    after: a model whose workers have the numbers that they learnt, where the graph leaves them as they were.
    Raises GraphRefused when the node cannot work, DataRefused when there are no rows to work on.
    """
    if not table.rows:
        raise DataRefused("The table has no rows. Choose one that has.")
    measured = _taken(table, np.unique(np.linspace(0, table.rows - 1, min(MEASURED, table.rows)).astype(int)))
    prepared = preparation.fit(measured, usable(graph, table, target), np.arange(measured.rows))
    learnt = NOTHING_KNOWN
    if after is not None:
        prepared = carried.columns(after.plan.preparation, prepared)
        fresh, kept = lower(graph, prepared.task_columns()).program, carried.untouched(after.plan.graph, graph)
        learnt = carried.numbers(after.plan.named(after.parameters), kept, fresh)
    lowered = lower(graph, prepared.task_columns(), known=learnt)
    if node not in lowered.results:
        raise GraphRefused([_missing(graph, lowered, node)])
    parameters = _started(lowered.program, seed)
    features = prepared.apply(_taken(table, np.arange(min(rows, table.rows))))
    slots, _ = run(lowered.program, features, parameters, replace(NOW, groups=_groups(len(features))))
    part, slots_read = _cut_out(lowered, node, parameters)
    return part, np.concatenate([slots[slot] for slot in slots_read], axis=1)


def worker(kind: str, columns: int, seed: int = 0, **settings: Any) -> Part:
    """A worker of any kind that one wire is enough for: task rows x columns -> result rows x its width.

    Raises GraphRefused for a kind or a setting that there is none of, or for what does not go together.
    """
    known = catalogue().get(kind)
    nodes = (Node("task", "columns", "Task"), Node("it", kind, kind.capitalize(), settings))
    graph = Graph(kind, nodes, (Wire("task", "it"),) if known is None or known.inputs else ())
    lowered = lower(graph, {f"c{place}": TaskColumn((place,)) for place in range(columns)})
    if "it" not in lowered.results:
        raise GraphRefused([_missing(graph, lowered, "it")])
    return _cut_out(lowered, "it", _started(lowered.program, seed))[0]


def _numbered(moment: Moment, rows: int) -> Moment:
    return replace(moment, rows=np.arange(rows), groups=_groups(rows))


def _groups(rows: int) -> RowIds:
    """Where groups begin, and the last one ends: a few of different sizes."""
    return np.unique([0, rows // 2, rows // 2 + 1, rows]) if rows > 1 else np.array([0, rows])


def _started(program: Program, seed: int) -> list[Array]:
    return [one.start(start.generator_for(seed, one.node, one.name), one.shape) for one in program.parameters]


def _cut_out(lowered: Lowered, node: str, parameters: Sequence[Array]) -> tuple[Part, Sequence[int]]:
    """The node's part, and the slots of the whole program that its task is made of."""
    program, result = lowered.program, lowered.results[node]
    own = [index for index, step in enumerate(program.steps) if f"{step.node}/".startswith(within(node))]
    made = [index + 1 for index in own]
    asked = [slot for index in own for slot in program.steps[index].inputs] + [result]
    read = [slot for slot in dict.fromkeys(asked) if slot not in made]
    used = sorted({place for index in own for place in program.steps[index].parameters})
    slots = {slot: place + 1 for place, slot in enumerate([*read, *made])}
    makers = {slot: id for id, slot in reversed(lowered.results.items())}
    steps = [*_picks([program.widths[slot] for slot in read])]
    for step in (program.steps[index] for index in own):
        inputs = tuple(slots[slot] for slot in step.inputs)
        steps.append(replace(step, inputs=inputs, parameters=tuple(used.index(place) for place in step.parameters)))
    widths = [program.widths[slot] for slot in (*read, *made)]
    kept = tuple(program.parameters[place] for place in used)
    cut = Cut(
        Program(tuple(steps), kept, (sum(widths[: len(read)]), *widths)),
        slots[result],
        tuple(Read(makers.get(slot, ""), program.widths[slot]) for slot in read),
    )
    return Part(cut, [parameters[place] for place in used], [_called(node, one) for one in kept]), read


def _picks(widths: Sequence[int]) -> Iterator[Step]:
    """A step for each part of the task, that hands on its columns."""
    ends = np.cumsum(widths).tolist()
    for width, end in zip(widths, ends, strict=True):
        yield Step(Pick(tuple(range(end - width, end))), (TASK,), (), "")


def _called(node: str, parameter: Parameter) -> str:
    if parameter.node == node:
        return parameter.name
    return f"{parameter.name} of {parameter.node.removeprefix(within(node))}"


def _taken(table: Table, rows: RowIds) -> Table:
    """These rows of a table, in memory."""
    return Table(table.columns, {name: np.asarray(values[rows]) for name, values in table.data.items()})


def _missing(graph: Graph, lowered: Lowered, node: str) -> Problem:
    """Why there is nothing of the node to be had."""
    found = next((known for known in unfolded(graph).nodes if known.id == node), None)
    if found is None:
        return Problem("unknown-node", f"There is no node '{node[:60]}' in the graph.", "Name one of its nodes.")
    known = catalogue().get(found.kind)
    if known is None:
        message = f"Node '{found.name}' is of the kind '{found.kind}', which this program does not know."
        return Problem("unknown-kind", message, "Replace it with one of the palette.", node=node)
    reasons = [f"setting '{name[:60]}': {why}" for name, why in refusals(known.settings, found.settings).items()]
    why = str(lowered.failures.get(node) or "; ".join(reasons))
    why = f"{why.rstrip('.')}." if why else "it is not wired up, or a node before it cannot work."
    return Problem("not-finished", f"Node '{found.name}' cannot work yet: {why}", "Mend that first.", node=node)
