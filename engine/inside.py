"""Graphs inside nodes: a team holds one, and so does a model. Their nodes go by the ids of both: "team/dani"."""

from __future__ import annotations

from dataclasses import replace

from engine.errors import GraphRefused, ModelRefused
from engine.graph import Graph, Node
from engine.kind import Inside, catalogue

DEEPEST = 20
SLASH = "/"


def within(node: str) -> str:
    """What stands before the ids of nodes inside this one."""
    return node + SLASH


def around(node: str) -> str:
    """The id of the node that this one stands inside of; empty at the top."""
    return node.rpartition(SLASH)[0]


def inside(node: Node) -> Inside | None:
    """The graph that a node holds; None for most. Raises GraphRefused or ModelRefused when it cannot be read."""
    kind = catalogue().get(node.kind)
    return kind.inside(node.settings) if kind and kind.inside else None


def readable(node: Node) -> Inside | None:
    """The same, None also for what cannot be read."""
    try:
        return inside(node)
    except (GraphRefused, ModelRefused):
        return None


def unfolded(graph: Graph, depth: int = 0) -> Graph:
    """All nodes and wires, those inside of others among them, under the ids that they go by."""
    nodes, wires = list(graph.nodes), list(graph.wires)
    for node in graph.nodes:
        held = readable(node) if depth < DEEPEST else None
        if held:
            inner, before = unfolded(held.graph, depth + 1), within(node.id)
            nodes += [
                replace(member, id=before + member.id, name=f"{node.name} · {member.name}") for member in inner.nodes
            ]
            wires += [replace(wire, source=before + wire.source, target=before + wire.target) for wire in inner.wires]
    return Graph(graph.name, tuple(nodes), tuple(wires))
