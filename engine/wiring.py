"""What is wrong with a graph's nodes and wires, whatever table comes; those of the graphs inside of nodes included."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from engine.errors import GraphRefused, ModelRefused
from engine.fields import refusals
from engine.graph import Graph, Node, Wire
from engine.inside import DEEPEST, inside, readable
from engine.kind import Port, catalogue
from engine.order import circle, reached, sources_of
from engine.problem import Problem

COLUMNS, ESTIMATE, RESULT = "columns", "estimate", "team_result"
NUMBER_WORDS = ("no", "one", "two", "three", "four", "five")


def wiring_problems(graph: Graph, *, team: bool = False, depth: int = 0) -> list[Problem]:
    """Every one of them. team: whether the graph stands in a team, and so begins and ends otherwise."""
    return [
        *_node_problems(graph),
        *_ends_problems(graph, team),
        *_inside_problems(graph, depth),
        *_wire_problems(graph),
        *_count_problems(graph),
        *_circle_problems(graph),
        *_reach_problems(graph, team),
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


def _ends_problems(graph: Graph, team: bool) -> Iterator[Problem]:
    """Where work begins and ends: at the table and the target, or in a team at what it is given and hands on."""
    counts = Counter(node.kind for node in graph.nodes)
    if team:
        if counts[RESULT] != 1:
            has = "no Result, so it hands nothing on" if not counts[RESULT] else f"{_number(counts[RESULT])} Results"
            yield Problem("no-result", f"The team has {has}.", "Give it one Result, and wire the last node to it.")
        for node in graph.nodes:
            if node.kind == ESTIMATE:
                message = f"'{node.name}' is an Estimate, which has no place in a team."
                yield Problem("misplaced", message, "Put it outside, and wire the team to it.", node=node.id)
        return
    if not any(map(_brings_columns, graph.nodes)):
        yield Problem(
            "no-columns",
            "The graph has no Columns node, so nobody is given a task.",
            "Add Columns and wire it to the workers.",
        )
    if not counts[ESTIMATE]:
        yield Problem(
            "no-estimate",
            "The graph has no Estimate, so nothing is compared with the target.",
            "Add Estimate and wire the last node to it.",
        )
    for node in graph.nodes:
        kind = catalogue().get(node.kind)
        if kind and kind.for_teams:
            message = f"'{node.name}' is where a team begins or ends, and there is no team around it."
            yield Problem("misplaced", message, "Delete it, or fold it into a team.", node=node.id)


def _inside_problems(graph: Graph, depth: int) -> Iterator[Problem]:
    """Those of the graphs that nodes hold, at the node that holds them."""
    for node in graph.nodes:
        try:
            held = inside(node)
        except (GraphRefused, ModelRefused) as error:
            yield Problem("bad-inside", f"Inside '{node.name}': {error}", "Replace what it holds.", node=node.id)
            continue
        if held and depth == DEEPEST:
            message = f"'{node.name}' stands in more than {DEEPEST} teams, one inside the other."
            yield Problem("too-deep", message, "Open up some of them.", node=node.id)
        elif held and not held.alone:
            for found in wiring_problems(held.graph, team=True, depth=depth + 1):
                yield replace(found, message=f"Inside '{node.name}': {found.message}", node=node.id, wire=None)


def _brings_columns(node: Node) -> bool:
    held = readable(node)
    return node.kind == COLUMNS or (held is not None and (held.alone or any(map(_brings_columns, held.graph.nodes))))


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


def _reach_problems(graph: Graph, team: bool) -> Iterator[Problem]:
    last, called = (RESULT, "the Result") if team else (ESTIMATE, "an Estimate")
    ends = [node.id for node in graph.nodes if node.kind == last]
    useful = reached(ends, sources_of(graph))
    for node in graph.nodes:
        if ends and node.id not in useful:
            yield Problem(
                "unreachable",
                f"Nothing that '{node.name}' does reaches {called}.",
                "Wire it on, or delete it.",
                node=node.id,
            )


def _wires(count: int) -> str:
    return f"{_number(count)} wire{'' if count == 1 else 's'}"


def _number(count: int) -> str:
    return NUMBER_WORDS[count] if count < len(NUMBER_WORDS) else str(count)


def _named(port: str | None) -> str:
    return f" '{port[:60]}'" if port else ""
