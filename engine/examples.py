"""What is learnt from: an example is a row of the table, or a group of rows where the graph groups them."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.arrays import RowIds
from engine.fields import fields_of
from engine.graph import Graph, Node
from engine.inside import unfolded
from engine.kind import catalogue
from engine.primitives.reduce import FIRST, LAST, MAXIMUM, MEAN
from engine.table import CODED, Column, Table


@dataclass(frozen=True)
class Grouping:
    """by: the column that tells groups apart; "" where the whole table is one. answer: how targets are reduced."""

    by: str
    answer: str = MEAN


@dataclass(frozen=True)
class Groups:
    """Rows by group. order: row ids, group after group, each in the table's order; starts: groups + 1 places in it."""

    order: RowIds
    starts: RowIds

    @property
    def count(self) -> int:
        return len(self.starts) - 1

    def take(self, groups: RowIds) -> tuple[RowIds, RowIds]:
        """The rows of these groups end to end, and where each begins and the last one ends."""
        sizes = np.diff(self.starts)[groups]
        starts = np.concatenate([[0], np.cumsum(sizes)])
        places = np.arange(starts[-1]) + np.repeat(self.starts[groups] - starts[:-1], sizes)
        return self.order[places], starts

    def of_rows(self) -> RowIds:
        """By row, its group."""
        found = np.empty(len(self.order), np.int64)
        found[self.order] = np.repeat(np.arange(self.count), np.diff(self.starts))
        return found


@dataclass(frozen=True)
class Examples:
    """A table's examples. answers: a table with one row an example, which has the targets; groups: None for rows."""

    table: Table
    answers: Table
    groups: Groups | None = None

    def rows(self, examples: RowIds) -> RowIds:
        """The rows that some examples consist of."""
        return examples if self.groups is None else np.sort(self.groups.take(examples)[0])


def grouping_nodes(graph: Graph) -> list[Node]:
    """The nodes, those inside others among them, that make one row of a group."""
    return [node for node in unfolded(graph).nodes if groups_by(node) is not None]


def groups_by(node: Node) -> Grouping | None:
    """How a node groups rows; None for all others."""
    kind = catalogue().get(node.kind)
    by = [name for name, field in fields_of(kind.settings).items() if field.type == "group"] if kind else []
    if not by:
        return None
    return Grouping(str(node.settings.get(by[0]) or ""), str(node.settings.get("answer") or MEAN))


def grouping_of(graph: Graph) -> Grouping | None:
    """How the graph groups rows; None where it works row by row."""
    nodes = grouping_nodes(graph)
    return groups_by(nodes[0]) if nodes else None


def examples_of(graph: Graph, table: Table, targets: Sequence[str]) -> Examples:
    """The examples that a graph makes of a table; single rows where the column to group by is missing."""
    grouping = grouping_of(graph)
    if grouping is None or (grouping.by and grouping.by not in table.data):
        return Examples(table, table)
    groups = groups_of(table.data[grouping.by] if grouping.by else np.zeros(table.rows))
    known = [column for column in table.columns if column.name in targets]
    data = {column.name: _answers(column, table.data[column.name], groups, grouping.answer) for column in known}
    return Examples(table, Table(tuple(known), data), groups)


def groups_of(values: NDArray[Any]) -> Groups:
    """Rows with the same value are a group, in the order in which the values first occur; missing ones are one too."""
    coded = np.where(np.isnan(values), np.inf, values) if values.dtype.kind == "f" else values
    _, first, codes = np.unique(coded, return_index=True, return_inverse=True)
    by_appearance = np.argsort(np.argsort(first))
    codes = by_appearance[codes]
    starts = np.concatenate([[0], np.cumsum(np.bincount(codes, minlength=len(first)))])
    return Groups(np.argsort(codes, kind="stable"), starts)


def groups_of_rows(rows: Iterable[Mapping[str, Any]], by: str) -> Groups:
    """The same for rows as a person or program gives them."""
    seen: dict[Hashable, int] = {}
    return groups_of(np.array([seen.setdefault(str(row.get(by)), len(seen)) for row in rows], dtype=np.int64))


def _answers(column: Column, values: NDArray[Any], groups: Groups, how: str) -> NDArray[Any]:
    """One value a group, out of its rows' known ones; missing where none is known."""
    ordered, starts = np.asarray(values)[groups.order], groups.starts[:-1]
    coded = column.type in CODED
    known = ordered >= 0 if coded else np.isfinite(ordered)
    counts = np.add.reduceat(known, starts, dtype=np.int64)
    if how in (FIRST, LAST):
        found = ordered[_ends(known, starts, how)]
    elif coded:
        found = _commonest(ordered, known, groups)
    elif how == MAXIMUM:
        found = np.maximum.reduceat(np.where(known, ordered, -np.inf), starts)
    else:
        sums = np.add.reduceat(np.where(known, ordered, 0.0), starts)
        found = sums / np.maximum(counts, 1) if how == MEAN else sums
    found = np.where(counts > 0, found, -1 if coded else np.nan).astype(ordered.dtype)
    return np.round(found) if column.type == "boolean" else found


def _ends(known: NDArray[np.bool_], starts: RowIds, how: str) -> RowIds:
    """Where each group's first or last known value stands; anywhere where there is none."""
    places = np.arange(len(known))
    if how == FIRST:
        return np.minimum(np.minimum.reduceat(np.where(known, places, len(known)), starts), len(known) - 1)
    return np.maximum(np.maximum.reduceat(np.where(known, places, -1), starts), 0)


def _commonest(codes: NDArray[np.integer], known: NDArray[np.bool_], groups: Groups) -> NDArray[np.int64]:
    """By group, the code that most of its rows have; of equally many the lowest."""
    group = np.repeat(np.arange(groups.count), np.diff(groups.starts))[known]
    (pairs, counts) = np.unique(np.stack([group, codes[known]]), axis=1, return_counts=True)
    best = np.lexsort((pairs[1], -counts, pairs[0]))
    chosen, first = np.unique(pairs[0][best], return_index=True)
    found = np.full(groups.count, -1)
    found[chosen] = pairs[1][best][first]
    return found
