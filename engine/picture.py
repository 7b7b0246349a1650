"""Pictures of kinds and primitives for the handbook, found by running the thing itself along a line of inputs.

One input goes from -3 to 3. What combines several is given straight lines over it. The feedback is the answer to a
feedback of 1 on the first number of every result.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from engine import start
from engine.arrays import RowIds, Rows
from engine.callbacks import run
from engine.fields import defaults_of
from engine.graph import Graph, Node, Wire
from engine.inside import within
from engine.kind import Kind
from engine.kind import catalogue as kinds
from engine.lowering import lower
from engine.primitive import Moment, Primitive, Selective, examples
from engine.primitive import catalogue as primitives
from engine.primitives.pick import Pick
from engine.program import TASK, Program, Recorder, TaskColumn
from engine.shown import Shown

REACH, POINTS, GROUPS = 3.0, 61, 6
SLOPES, HEIGHTS = (0.8, -0.6, 0.2), (0.4, 0.2, -0.8)
NAMES = "abc"


@dataclass(frozen=True)
class Line:
    """A number at each x."""

    name: str
    values: tuple[float, ...]


@dataclass(frozen=True)
class Picture:
    """given: the lines that come in, where they are not x itself; results: what comes of them; feedback: on each input.

    categories: the values that stand in place of x. apart: whether neighbours have nothing to do with each other.
    made_of: the primitives that were at work.
    """

    x: tuple[float, ...]
    given: tuple[Line, ...]
    results: tuple[Line, ...]
    feedback: tuple[Line, ...]
    categories: tuple[str, ...] = ()
    apart: bool = False
    made_of: tuple[str, ...] = ()

    @property
    def said(self) -> str:
        """The same for those who do not see it."""
        return " ".join(
            [_course(line.name.capitalize(), line) for line in self.results]
            + [_course(f"Feedback on {line.name}", line) for line in self.feedback]
        )


def _course(what: str, line: Line) -> str:
    first, last, low, high = (
        f"{value:.3g}" for value in (line.values[0], line.values[-1], min(line.values), max(line.values))
    )
    if low == high:
        return f"{what}: {low} throughout."
    return f"{what}: from {first} on the left to {last} on the right, between {low} and {high}."


@cache
def of_kind(name: str) -> Picture:
    """The picture of a kind: a node of it, in a graph that has what it needs around it."""
    kind = kinds()[name]
    lines = NAMES[: kind.shown.lines] if _combines(kind) else ""
    graph, it = _in_a_team(name) if kind.for_teams else (_around(name, kind, lines), "it")
    known = {"it": {name: np.array(values, float) for name, values in kind.shown.parameters.items()}}
    lowered = lower(graph, _columns(kind.shown, lines), known=known)
    found = _of_program(lowered.program, it, lowered.results[it], kind.shown, lines)
    return replace(found, made_of=tuple(dict.fromkeys((*found.made_of, *kind.at_times))))


@cache
def of_primitive(name: str) -> Picture:
    """The picture of a primitive: of one of its examples, on inputs that are one number wide."""
    shown = primitives()[name].shown
    primitive, widths = examples(name)[shown.example]
    lines = NAMES[: shown.lines] if len(widths) > 1 else ""
    scored = isinstance(primitive, Selective) and primitive.first_contender > 0
    read = [_scores(lines)] * scored + [[line] for line in lines] if lines else [["x", *_beside(shown)]]
    record = Recorder(_columns(shown, lines))
    inputs = [record.step(Pick(record.places(names)), TASK) for names in read]
    with record.at("it"):
        count = len(primitive.shapes([record.width(slot) for slot in inputs]))
        given = {str(place): start.spread for place in range(1, count + 1)}
        fixed = {place: start.fixed(values) for place, values in shown.parameters.items()}
        slot = record.step(primitive, *inputs, **(given | fixed))
    return _of_program(record.program(), "it", slot, shown, lines)


def _of_program(program: Program, it: str, slot: int, shown: Shown, lines: str) -> Picture:
    """Runs it along x, and back with a feedback of 1 on the first number of every result."""
    features = np.hstack(list(_features(shown, lines).values()))
    parameters = [one.start(start.generator_for(1, one.name), one.shape) for one in program.parameters]
    slots, callback = run(program, features, parameters, _moment(len(features), shown))
    result = slots[slot]
    asked = np.zeros_like(result)
    asked[:, 0] = 1
    told = callback({slot: asked}).slots[TASK]
    columns, re_task = _columns(shown, lines), np.zeros_like(features) if told is None else told
    about = list(lines) or ([f"the value {value}" for value in shown.categories] or ["x"])
    places = [columns[line].places[0] for line in lines] or range(len(about))
    return Picture(
        x=tuple(_x(shown).tolist()),
        given=tuple(Line(line, _told(features[:, columns[line].places[0]])) for line in lines),
        results=tuple(_results(result, len(features))),
        feedback=tuple(Line(name, _told(re_task[:, place])) for name, place in zip(about, places, strict=True)),
        categories=shown.categories,
        apart=shown.learning,
        made_of=tuple(dict.fromkeys(_name(step.primitive) for step in program.steps if _of(it, step.node))),
    )


def _name(primitive: Primitive) -> str:
    return next(name for name, known in primitives().items() if isinstance(primitive, known))


def _of(it: str, node: str) -> bool:
    return f"{node}/".startswith(within(it))


def _results(result: Rows, rows: int) -> Iterator[Line]:
    """A line for each number of the result; where that has a row for each group, as far as the group goes."""
    sizes = np.diff(_groups(rows)) if len(result) < rows else np.ones(rows, int)
    for place, values in enumerate(np.repeat(result, sizes, axis=0).T, start=1):
        yield Line("result" if result.shape[1] == 1 else f"number {place} of the result", _told(values))


def _told(values: Rows) -> tuple[float, ...]:
    return tuple(round(float(value), 9) + 0.0 for value in values)


def _x(shown: Shown) -> Rows:
    return np.arange(float(len(shown.categories))) if shown.categories else np.linspace(-REACH, REACH, POINTS)


def _moment(rows: int, shown: Shown) -> Moment:
    return Moment(learning=shown.learning, seed=1, rows=np.arange(rows), groups=_groups(rows))


def _groups(rows: int) -> RowIds:
    """Where groups of neighbours begin, and the last one ends."""
    return np.unique(np.linspace(0, rows, GROUPS + 1).astype(int))


def _features(shown: Shown, lines: str) -> dict[str, Rows]:
    """By column of the task, its numbers at each x."""
    x = _x(shown)[:, None]
    if shown.categories:
        return {"x": np.eye(len(x))}
    beside = {name: np.full_like(x, value) for name, value in zip(_beside(shown), shown.beside, strict=True)}
    given = {line: SLOPES[place] * x + HEIGHTS[place] for place, line in enumerate(lines)}
    scores = {name: x * (-1) ** place for place, name in enumerate(_scores(lines), start=1)}
    return {"x": x, **beside, **given, **scores}


def _columns(shown: Shown, lines: str) -> dict[str, TaskColumn]:
    """The same columns as the task holds them."""
    found, at = {}, 0
    for name, values in _features(shown, lines).items():
        found[name] = TaskColumn(range(at, at + values.shape[1]), categories=shown.categories)
        at += values.shape[1]
    return found


def _beside(shown: Shown) -> list[str]:
    return [f"beside {place}" for place in range(len(shown.beside))]


def _scores(lines: str) -> list[str]:
    return [f"score of {line}" for line in lines]


def _around(name: str, kind: Kind, lines: str) -> Graph:
    """A graph with one node of the kind before columns of the table; and a worker, for kinds that want another."""
    read = {"x": ["x", *_beside(kind.shown)], **{line: [line] for line in lines}, "scores": _scores(lines)}
    sources = [Node(id, "columns", id, {"columns": names}) for id, names in read.items() if names]
    nodes = (*sources, Node("other", "linear", "Other"), Node("it", name, name, kind.example(["x"], ["other"])))
    wires = [Wire(source, "it", None, port) for source, port in _wired(kind, lines)]
    return Graph(name, nodes, (Wire("x", "other"), *wires))


def _wired(kind: Kind, lines: str) -> Iterator[tuple[str, str]]:
    """What is wired to which port: x to the one that there is, or the lines to those that need wires, each in turn."""
    needed = [port.name for port in kind.inputs if port.least]
    for place, line in enumerate(lines):
        yield line, needed[min(place, len(needed) - 1)]
    for port in kind.inputs:
        if not lines or not port.least:
            yield ("scores" if lines else "x"), port.name


def _combines(kind: Kind) -> bool:
    return len(kind.inputs) > 1 or any(port.least > 1 for port in kind.inputs)


def _in_a_team(name: str) -> tuple[Graph, str]:
    """A graph with a team that holds a node of the kind from the start, and the id of that node."""
    for outer, kind in kinds().items():
        held = kind.inside(defaults_of(kind.settings)) if kind.inside and kind.inputs else None
        for node in held.graph.nodes if held else ():
            if node.kind == name:
                graph = Graph(outer, (Node("x", "columns", "x"), Node("it", outer, "Team")), (Wire("x", "it"),))
                return graph, within("it") + node.id
    raise LookupError(f"No team holds a node of the kind '{name}' from the start.")


def made_with(primitive: str) -> Sequence[str]:
    """The kinds that this primitive is at work in."""
    return [name for name in kinds() if primitive in of_kind(name).made_of]
