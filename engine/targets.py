"""Which columns a graph is to estimate, and which it may look at."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from engine.examples import grouping_of
from engine.fields import fields_of
from engine.graph import Graph, Node
from engine.inside import readable
from engine.kind import catalogue
from engine.preparation import MOST_CATEGORIES
from engine.program import TaskColumn
from engine.table import CODED, Table


def target_of(node: Node, chosen: str | None) -> str | None:
    """The column that an estimate node is compared with: its own setting, or else the one chosen for the run."""
    own = node.settings.get("target")
    return own if isinstance(own, str) and own else chosen


def targets(graph: Graph, chosen: str | None) -> tuple[str, ...]:
    """Every column that some estimate is compared with, each once."""
    found = [target_of(node, chosen) for node in graph.nodes if node.kind == "estimate"]
    return tuple(dict.fromkeys(name for name in found if name))


def usable(graph: Graph, table: Table, chosen: str | None) -> tuple[str, ...]:
    """The columns that "all" stands for, and those that are named; not the targets, nor what tells groups apart."""
    grouping = grouping_of(graph)
    hidden = (*targets(graph, chosen), *([grouping.by] if grouping else ()))
    return learnable(table, hidden, columns_asked(graph))


def learnable(table: Table, hidden: Collection[str], named: Collection[str] = ()) -> tuple[str, ...]:
    """The columns that are not hidden and can be learnt from.

    Unless they are named, no free text, and no numbers of rows if there is anything else.
    """
    able = [c for c in table.columns if c.name not in hidden and (c.type != "text" or c.name in named)]
    telling = [c for c in able if not c.numbers_rows or c.name in named]
    return tuple(c.name for c in telling or able)


def columns_asked(graph: Graph) -> dict[str, TaskColumn]:
    """The columns that its nodes ask for by name, as far as they can be known without the table."""
    return {name: column for node in graph.nodes for name, column in columns_asked_by(node).items()}


def columns_asked_by(node: Node) -> dict[str, TaskColumn]:
    """Those that one node asks for, itself or by the graph inside it."""
    found, held = {name: TaskColumn(range(1)) for name in _named(node)}, readable(node)
    if held:
        found |= held.columns if held.alone else columns_asked(held.graph)
    return found


def _named(node: Node) -> Sequence[str]:
    kind = catalogue().get(node.kind)
    known = fields_of(kind.settings) if kind else {}
    found: list[str] = []
    for name, value in node.settings.items():
        asked = known[name].type if name in known else ""
        if asked == "columns" and isinstance(value, list | tuple):
            found += [column for column in value if isinstance(column, str)]
        elif asked in ("column", "group") and isinstance(value, str) and value:
            found.append(value)
    return found


def guessed(graph: Graph, table: Table, chosen: str | None, *, flagged: bool) -> dict[str, TaskColumn]:
    """The columns of the task, as far as can be said without looking at the rows."""
    found = {}
    at = 0
    for name in usable(graph, table, chosen):
        column = table.column(name)
        categories = column.categories[:MOST_CATEGORIES] if column.type in CODED else ()
        width = (len(categories) if column.type in CODED else 1) + flagged
        found[name] = TaskColumn(range(at, at + width), categories=categories, flagged=flagged, type=column.type)
        at += width
    return found
