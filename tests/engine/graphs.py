"""Graphs and tables for tests: the California example, and random graphs of every kind."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine import graph as graphs
from engine.graph import Graph, Node, Wire
from engine.kind import Kind, catalogue
from engine.lowering import lower
from engine.primitives.reduce import HOW
from engine.program import TaskColumn
from engine.table import Table, from_columns

CALIFORNIA: dict[str, Any] = {
    "format": "backchannel.graph",
    "version": 1,
    "name": "California",
    "nodes": [
        {"id": "in", "kind": "columns", "name": "Project"},
        {"id": "alex", "kind": "linear", "name": "Alex"},
        {"id": "bo", "kind": "linear", "name": "Bo"},
        {"id": "dani", "kind": "linear", "name": "Dani"},
        {"id": "ely", "kind": "linear", "name": "Ely"},
        {"id": "crowd", "kind": "average", "name": "Crowd"},
        {"id": "loudest", "kind": "maximum", "name": "Loudest"},
        {"id": "calm", "kind": "estimate", "name": "Average team"},
        {"id": "bold", "kind": "estimate", "name": "Maximum team"},
    ],
    "wires": [
        *({"source": "in", "target": name} for name in ("alex", "bo", "dani", "ely")),
        {"source": "alex", "target": "crowd"},
        {"source": "bo", "target": "crowd"},
        {"source": "dani", "target": "loudest"},
        {"source": "ely", "target": "loudest"},
        {"source": "crowd", "target": "calm"},
        {"source": "loudest", "target": "bold"},
    ],
}


def california() -> Graph:
    """The average of two beside the maximum of two."""
    return graphs.from_json(CALIFORNIA)


def projects() -> Table:
    """The essay's four projects."""
    return from_columns({"California": [0, 1, 0, 1], "Renewables": [0, 0, 1, 1], "Cost": [1, 5, 8, 10]})


def graph(nodes: dict[str, str | tuple[str, dict[str, Any]]], *wires: str) -> Graph:
    """A graph in short: {"dani": "linear", "wide": ("linear", {"width": 3})}, "in -> dani", "in -> choose:scores"."""
    made = []
    for id, kind in nodes.items():
        name, settings = (kind, {}) if isinstance(kind, str) else kind
        made.append(Node(id, name, id.capitalize(), settings))
    ends = [(source, *target.split(":")) for source, target in (wire.split(" -> ") for wire in wires)]
    laid = (Wire(source, target, None, *port) for source, target, *port in ends)
    return Graph("test", tuple(made), tuple(laid))


def random_graph(generator: np.random.Generator, size: int, columns: int, by: str = "") -> Graph:
    """A graph of this many nodes between Columns and Estimate, with forks and joins, of whatever kinds there are.

    by: the column that groups the rows; then what estimates works on groups.
    """
    nodes = [Node("in", "columns", "In")]
    wires: list[Wire] = []
    places = {f"c{place}": TaskColumn((place,)) for place in range(columns)}
    candidates = [(name, kind) for name, kind in catalogue().items() if kind.results and not kind.for_teams]
    candidates = [(name, kind) for name, kind in candidates if name not in ("columns", "group")]
    candidates += [("group", catalogue()["group"])] * len(candidates) if by else []
    grouped: dict[str, bool] = {"in": False}
    while len(nodes) <= size:
        name, kind = candidates[generator.integers(len(candidates))]
        workers = [node.id for node in nodes if node.kind == "linear"] or ["nobody"]
        grouping = _grouping(generator, by) if name == "group" else {}
        settings = grouping or kind.example(list(places), [str(generator.choice(workers))])
        node = Node(f"n{len(nodes)}", name, f"N{len(nodes)}", settings)
        added = [Wire(source, node.id, None, port) for source, port in _sources(generator, kind, nodes)]
        grown = Graph("random", (*nodes, node), (*wires, *added))
        lowered = lower(grown, places)
        if node.id in lowered.results and not lowered.failures:
            nodes, wires = [*nodes, node], [*wires, *added]
            grouped[node.id] = lowered.program.grouped[lowered.results[node.id]]
    last = Node("last", "linear", "Last")
    read = {wire.source for wire in wires}
    loose = [node.id for node in nodes if node.id not in read]
    for place, id in enumerate(loose):
        if by and not grouped[id]:
            nodes.append(Node(f"g{place}", "group", f"G{place}", _grouping(generator, by)))
            wires.append(Wire(id, f"g{place}"))
            loose[place] = f"g{place}"
    wires = [*wires, *(Wire(id, "last") for id in loose), Wire("last", "out")]
    return Graph("random", (*nodes, last, Node("out", "estimate", "Out")), tuple(wires))


def _grouping(generator: np.random.Generator, by: str) -> dict[str, Any]:
    return {"by": by, "how": str(generator.choice(HOW))}


def _sources(generator: np.random.Generator, kind: Kind, nodes: list[Node]) -> list[tuple[str, str]]:
    found = []
    for port in kind.inputs:
        most = min(len(nodes), port.most or 4)
        count = int(generator.integers(min(port.least, most), most + 1))
        for place in generator.choice(len(nodes), size=count, replace=False):
            found.append((nodes[place].id, port.name))
    return found


def random_table(generator: np.random.Generator, rows: int, columns: int) -> Table:
    """Normal numbers c0, c1 ... and a target y."""
    data = {f"c{place}": generator.normal(size=rows) for place in range(columns)}
    return from_columns(data | {"y": generator.normal(size=rows)})


def random_groups(generator: np.random.Generator, rows: int, columns: int) -> Table:
    """The same with a column g whose groups are of single rows, of few, or of any size, their rows mixed up."""
    most = int(generator.choice([1, 4, 40, rows]))
    sizes = generator.integers(1, most + 1, size=rows)
    group = generator.permutation(np.repeat(np.arange(rows), sizes)[:rows])
    table = random_table(generator, rows, columns)
    return from_columns({**table.data, "g": [f"no {number}" for number in group]})
