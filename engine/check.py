"""Says all that stands in the way of training a graph, each problem at its node or wire; changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from engine.errors import ShapeMismatch
from engine.examples import grouping_nodes, grouping_of, groups_by
from engine.graph import Graph, Node
from engine.lowering import Failure, Lowered, lower
from engine.problem import Problem
from engine.program import TaskColumn
from engine.table import CODED, Column, Table
from engine.targets import columns_asked, columns_asked_by, guessed, target_of, targets, usable
from engine.wiring import wiring_problems

GUESSED_WIDTHS = (1, 2, 3, 4, 6)


def problems(graph: Graph, table: Table | None = None, target: str | None = None) -> list[Problem]:
    """Every problem of the graph; with a table also those that concern its columns. Empty: it can be trained."""
    found = [
        *wiring_problems(graph),
        *_group_problems(graph),
        *(_table_problems(graph, table, target) if table else ()),
    ]
    at_fault = {problem.node for problem in found}
    return found + [problem for problem in _width_problems(graph, table, target) if problem.node not in at_fault]


def _table_problems(graph: Graph, table: Table, target: str | None) -> Iterator[Problem]:
    if targets(graph, target) and not usable(graph, table, target):
        message = "The table has no column to learn from beside the target."
        yield Problem("no-columns", message, "Choose another table, or add columns to this one.")
    for node in graph.nodes:
        if node.kind == "estimate":
            yield from _target_problems(node, table, target)
        for name in columns_asked_by(node):
            yield from _column_problems(node, name, table, targets(graph, target))


def _group_problems(graph: Graph) -> Iterator[Problem]:
    nodes = grouping_nodes(graph)
    if len({groups_by(node) for node in nodes}) > 1:
        message = f"'{nodes[-1].name}' groups the rows in another way than '{nodes[0].name}'."
        hint = "Give both the same column and the same target."
        yield Problem("two-groupings", message, hint, node=nodes[-1].id.partition("/")[0])


def _target_problems(node: Node, table: Table, target: str | None) -> Iterator[Problem]:
    wanted, names = target_of(node, target), {column.name: column for column in table.columns}
    if wanted is None:
        yield Problem(
            "no-target",
            f"No target is chosen for '{node.name}'.",
            "Choose the column that it is to estimate.",
            node=node.id,
        )
    elif wanted not in names:
        message = f"'{node.name}' is to estimate '{wanted}', and the table has no such column."
        yield Problem("unknown-column", message, f"Choose one of: {_few(names)}.", node=node.id)
    elif names[wanted].type == "text":
        message = f"'{node.name}' is to estimate '{wanted}', which holds too many different texts to tell apart."
        yield Problem("bad-target", message, "Choose a column of numbers, or of a few values.", node=node.id)


def _column_problems(node: Node, name: str, table: Table, hidden: Sequence[str]) -> Iterator[Problem]:
    names = [column.name for column in table.columns]
    if name not in names:
        message = f"'{node.name}' asks for '{name}', and the table has no such column."
        yield Problem("unknown-column", message, f"Choose among: {_few(names)}.", node=node.id)
    elif name in hidden:
        message = f"'{node.name}' asks for '{name}', which is the target: the answer itself."
        yield Problem("leak", message, "Take it off the list of columns.", node=node.id)


def _width_problems(graph: Graph, table: Table | None, target: str | None) -> Iterator[Problem]:
    """What does not go together. Without a table, what would not go together whatever table came."""
    grouping, named = grouping_of(graph), columns_asked(graph)
    if grouping:
        named.pop(grouping.by, None)  # it tells groups apart, and is no part of the task
    if table:
        guesses = [named | guessed(graph, table, target, flagged=flagged) for flagged in (False, True)]
    else:
        guesses = [named | {"\0": TaskColumn(range(width))} for width in GUESSED_WIDTHS]
        guesses.append({name: TaskColumn(range(3), categories=("a", "b", "c")) for name in [*named, "\0"]})
    lowered = [lower(graph, guess) for guess in guesses]
    failures = [found.failures for found in lowered]
    for node in graph.nodes:
        if all(node.id in found for found in failures):
            yield cannot_work(node, failures[0][node.id])
    yield from level_problems(graph, lowered[0])
    if table:
        yield from _estimate_problems(graph, table, target, lowered)


def _estimate_problems(graph: Graph, table: Table, target: str | None, lowered: Sequence[Lowered]) -> Iterator[Problem]:
    """Estimates that are given too many numbers or too few, however wide the table turns out."""
    columns = {column.name: column for column in table.columns}
    for node in graph.nodes:
        column = columns.get(str(target_of(node, target))) if node.kind == "estimate" else None
        widths = [found.program.widths[found.results[node.id]] for found in lowered if node.id in found.results]
        if not column or column.type == "text" or len(widths) < len(lowered):
            continue
        able = _widths_of(column)
        if not any(width in able for width in widths):
            yield width_problem(node, column.name, able[-1], widths[0])


def _widths_of(target: Column) -> range:
    """How many numbers an estimate of a column may have; of classes fewer where a rare one is in no row to learn from.

    Of two classes it may have one, since it is a matter of yes or no then.
    """
    classes = max(len(target.categories), 1) if target.type in CODED else 1
    return range(2 if classes > 2 else 1, classes + 1)


def cannot_work(node: Node, why: Failure) -> Problem:
    """What to say of a node whose settings do not suit what it is given, or whose inputs do not go together."""
    code, what = ("width-mismatch", "a width") if isinstance(why, ShapeMismatch) else ("bad-setting", "its settings")
    message = f"Node '{node.name}' cannot work: {why}"
    return Problem(code, message, f"Change {what}, or wire it differently.", node=node.id)


def width_problem(node: Node, column: str, needed: int, width: int) -> Problem:
    """What to say where an estimate of this column is given so many numbers."""
    needs = f"{needed} numbers, one for each class" if needed > 1 else "one number"
    message = f"'{node.name}' estimates '{column}' and needs {needs}; it is given {width}."
    return Problem("width-mismatch", message, f"Set the width of what is wired to it to {needed}.", node=node.id)


def level_problems(graph: Graph, lowered: Lowered) -> Iterator[Problem]:
    """Estimates of single rows in a graph that groups them."""
    if grouping_of(graph):
        for node in graph.nodes:
            slot = lowered.results.get(node.id)
            if node.kind == "estimate" and slot is not None and not lowered.program.grouped[slot]:
                message = f"'{node.name}' estimates single rows, and the graph groups them."
                hint = "Wire a Group in before it, or take the grouping out."
                yield Problem("not-grouped", message, hint, node=node.id)


def _few(names: Iterable[str]) -> str:
    listed = list(names)
    return ", ".join(listed[:8]) + (", …" if len(listed) > 8 else "")
