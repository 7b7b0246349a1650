"""Says all that stands in the way of training a graph, each problem at its node or wire; changes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from engine.fields import refusals
from engine.graph import Graph, Node, Wire
from engine.kind import Port, catalogue
from engine.lowering import lower
from engine.order import circle, reached, sources_of
from engine.problem import Problem
from engine.program import TaskColumn
from engine.table import Table
from engine.targets import guessed, named_columns, target_of, targets

GUESSED_WIDTHS = (1, 2, 3, 4, 6)
NUMBER_WORDS = ("no", "one", "two", "three", "four", "five")


def problems(graph: Graph, table: Table | None = None, target: str | None = None) -> list[Problem]:
    """Every problem of the graph; with a table also those that concern its columns. Empty: it can be trained."""
    return [
        *wiring_problems(graph),
        *(_table_problems(graph, table, target) if table else ()),
        *_width_problems(graph, table, target),
    ]


def wiring_problems(graph: Graph) -> list[Problem]:
    """Those that can be seen without knowing how wide the table is."""
    return [
        *_node_problems(graph),
        *_wire_problems(graph),
        *_count_problems(graph),
        *_circle_problems(graph),
        *_reach_problems(graph),
    ]


def _node_problems(graph: Graph) -> Iterator[Problem]:
    for id, count in Counter(node.id for node in graph.nodes).items():
        if count > 1:
            yield Problem(
                "duplicate-node",
                f"{count} nodes have the id '{id}'.",
                "Give each node an id of its own.",
                node=id,
            )
    for node in graph.nodes:
        kind = catalogue().get(node.kind)
        if kind is None:
            yield Problem(
                "unknown-kind",
                f"Node '{node.name}' is of the kind '{node.kind}', which this program does not know.",
                "Replace it, or open the graph with the version that made it.",
                node=node.id,
            )
            continue
        for name, why in refusals(kind.settings, node.settings).items():
            yield Problem(
                "bad-setting",
                f"Node '{node.name}', setting '{name[:60]}': {why}.",
                "Change the setting.",
                node=node.id,
            )
    kinds = {node.kind for node in graph.nodes}
    if "columns" not in kinds:
        yield Problem(
            "no-columns",
            "The graph has no Columns node, so nobody is given a task.",
            "Add Columns and wire it to the workers.",
        )
    if "estimate" not in kinds:
        yield Problem(
            "no-estimate",
            "The graph has no Estimate, so nothing is compared with the target.",
            "Add Estimate and wire the last node to it.",
        )


def _wire_problems(graph: Graph) -> Iterator[Problem]:
    nodes = {node.id: node for node in graph.nodes}
    for wire, count in Counter(graph.wires).items():
        missing = [end for end in (wire.source, wire.target) if end not in nodes]
        if missing:
            yield Problem(
                "unknown-node",
                f"Wire {wire.id} ends at '{missing[0]}', and there is no such node.",
                "Delete the wire.",
                wire=wire.id,
            )
            continue
        source, target = nodes[wire.source], nodes[wire.target]
        if count > 1:
            yield Problem(
                "duplicate-wire",
                f"'{source.name}' is wired to '{target.name}' {count} times.",
                "Delete all but one of these wires.",
                wire=wire.id,
            )
        yield from _port_problems(wire, source, target)


def _port_problems(wire: Wire, source: Node, target: Node) -> Iterator[Problem]:
    giving, taking = catalogue().get(source.kind), catalogue().get(target.kind)
    if giving and (not giving.results or wire.source_port not in (None, "result")):
        yield Problem(
            "unknown-port",
            f"'{source.name}' has no output{_named(wire.source_port)} that a wire could leave.",
            "Delete the wire.",
            wire=wire.id,
        )
    if taking and taking.port(wire.target_port) is None:
        yield Problem(
            "unknown-port",
            f"'{target.name}' has no input{_named(wire.target_port)} that a wire could come to.",
            "Delete the wire.",
            wire=wire.id,
        )


def _count_problems(graph: Graph) -> Iterator[Problem]:
    kinds = {node.id: catalogue().get(node.kind) for node in graph.nodes}
    ports = [(wire.target, kind.port(wire.target_port)) for wire in graph.wires if (kind := kinds.get(wire.target))]
    counts = Counter((node, port.name) for node, port in ports if port)
    for node in graph.nodes:
        kind = kinds[node.id]
        for port in kind.inputs if kind else ():
            into = f" into '{port.name}'" if kind and len(kind.inputs) > 1 else " in"
            yield from _port_count_problems(node, port, counts[node.id, port.name], into)


def _port_count_problems(node: Node, port: Port, count: int, into: str) -> Iterator[Problem]:
    has = f"Node '{node.name}' has {_wires(count)}{into}"
    if count < port.least:
        message = f"{has}; it needs {_number(port.least)}."
        yield Problem("missing-wire", message, "Wire another worker to it.", node=node.id)
    if port.most is not None and count > port.most:
        message = f"{has}; it takes {_number(port.most)}."
        yield Problem("too-many-wires", message, "Delete one, or combine them first.", node=node.id)


def _circle_problems(graph: Graph) -> Iterator[Problem]:
    found = circle(graph)
    if found:
        names = [f"'{graph.node(id).name}'" for id in [*found, found[0]]]
        yield Problem(
            "cycle",
            f"Work would go round in a circle: {' feeds '.join(names)}.",
            "Delete one of these wires.",
            node=found[0],
            wire=next(wire.id for wire in graph.wires if wire.source == found[-1] and wire.target == found[0]),
        )


def _reach_problems(graph: Graph) -> Iterator[Problem]:
    estimates = [node.id for node in graph.nodes if node.kind == "estimate"]
    useful = reached(estimates, sources_of(graph))
    for node in graph.nodes:
        if estimates and node.id not in useful:
            yield Problem(
                "unreachable",
                f"Nothing that '{node.name}' does reaches an Estimate.",
                "Wire it on, or delete it.",
                node=node.id,
            )


def _table_problems(graph: Graph, table: Table, target: str | None) -> Iterator[Problem]:
    for node in graph.nodes:
        if node.kind == "estimate":
            yield from _target_problems(node, table, target)
        for name in named_columns(node):
            yield from _column_problems(node, name, table, targets(graph, target))


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
        message = f"'{node.name}' hands on '{name}', and the table has no such column."
        yield Problem("unknown-column", message, f"Choose among: {_few(names)}.", node=node.id)
    elif name in hidden:
        message = f"'{node.name}' hands on '{name}', which is the target: the answer itself."
        yield Problem("leak", message, "Take it off the list of columns.", node=node.id)


def _width_problems(graph: Graph, table: Table | None, target: str | None) -> Iterator[Problem]:
    """What does not go together. Without a table, what would not go together whatever table came."""
    named = sorted({name for node in graph.nodes for name in named_columns(node)})
    if table:
        asked = {name: TaskColumn(range(1)) for name in named}
        guesses = [asked | guessed(graph, table, target, flagged=flagged) for flagged in (False, True)]
    else:
        asked = {name: TaskColumn(range(1)) for name in named}
        guesses = [asked | {"\0": TaskColumn(range(width))} for width in GUESSED_WIDTHS]
        guesses.append({name: TaskColumn(range(3), categories=("a", "b", "c")) for name in [*named, "\0"]})
    failures = [lower(graph, guess).failures for guess in guesses]
    for node in graph.nodes:
        if all(node.id in found for found in failures):
            yield Problem(
                "width-mismatch",
                f"Node '{node.name}' cannot work: {failures[0][node.id]}",
                "Change a width, or wire it differently.",
                node=node.id,
            )


def _wires(count: int) -> str:
    return f"{_number(count)} wire{'' if count == 1 else 's'}"


def _number(count: int) -> str:
    return NUMBER_WORDS[count] if count < len(NUMBER_WORDS) else str(count)


def _named(port: str | None) -> str:
    return f" '{port[:60]}'" if port else ""


def _few(names: Iterable[str]) -> str:
    listed = list(names)
    return ", ".join(listed[:8]) + (", …" if len(listed) > 8 else "")
