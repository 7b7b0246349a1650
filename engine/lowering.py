"""Lowers a graph: each kind records its primitives, in working order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.errors import SettingRefused, ShapeMismatch
from engine.fields import read, refusals
from engine.graph import Graph, Node, Wire
from engine.kind import Inputs, Kind, catalogue
from engine.order import working_order
from engine.program import Program, Recorder, TaskColumn

SAME = "same"


@dataclass
class Lowered:
    """What could be recorded, and why the rest could not.

    results: by node, the slot of its result.
    failures: by node, a sentence on what does not go together. Nodes that stand after a failure are in neither.
    """

    results: dict[str, int] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)
    program: Program | None = None


def lower(graph: Graph, columns: Mapping[str, TaskColumn]) -> Lowered:
    """Records every node that can be recorded. `columns`: by name, how the task holds them."""
    record, lowered = Recorder(columns), Lowered()
    record_nodes(graph, record, lowered)
    lowered.program = record.program()
    return lowered


def record_nodes(graph: Graph, record: Recorder, lowered: Lowered, inside: str = "") -> None:
    """Records a graph's nodes, in working order. `inside`: what goes before their ids, for a graph inside a node."""
    nodes = {node.id: node for node in graph.nodes}
    incoming: dict[str, list[Wire]] = {id: [] for id in nodes}
    for wire in graph.wires:
        if wire.source in nodes and wire.target in nodes:
            incoming[wire.target].append(wire)
    record.teach_again(lambda id, inputs: _again(nodes, id, inputs, record, inside))
    for id in working_order(graph):
        kind = catalogue().get(nodes[id].kind)
        if kind and not refusals(kind.settings, nodes[id].settings):
            inputs = inputs_of(kind, incoming[id], lowered.results)
            if inputs is not None:
                _record_node(nodes[id], inputs, record, lowered, inside)


def inputs_of(kind: Kind, wires: Sequence[Wire], results: Mapping[str, int]) -> Inputs | None:
    """By port, the slots that come in; None when a port has too few or too many wires or a source has no result."""
    slots: dict[str, list[int]] = {port.name: [] for port in kind.inputs}
    for wire in wires:
        port = kind.port(wire.target_port)
        if port is None or wire.source not in results:
            return None
        slots[port.name].append(results[wire.source])
    for port in kind.inputs:
        if not port.least <= len(slots[port.name]) <= (port.most or len(wires)):
            return None
    return {name: tuple(found) for name, found in slots.items()}


def _record_node(node: Node, inputs: Inputs, record: Recorder, lowered: Lowered, inside: str) -> None:
    kind = catalogue()[node.kind]
    try:
        settings: Any = read(kind.settings, node.settings)
        with record.at(inside + node.id, speed=getattr(settings, "speed", 1.0)):
            lowered.results[node.id] = kind.lower(settings, inputs, record)
    except (ShapeMismatch, SettingRefused) as error:
        lowered.failures[node.id] = str(error)


def _again(nodes: Mapping[str, Node], id: str, inputs: Inputs, record: Recorder, inside: str) -> int:
    """Records a node's work where another node stands; the parameters are its own."""
    node = nodes.get(id)
    kind = catalogue().get(node.kind) if node else None
    if node is None or kind is None or [port.name for port in kind.inputs] != list(inputs):
        raise SettingRefused(f"there is no worker '{id}' that could do this task. Choose another.")
    if node.kind == SAME:
        raise SettingRefused("it stands for a node that stands for another. Choose the worker itself.")
    settings: Any = read(kind.settings, node.settings)
    with record.at(record.node, owner=inside + id, speed=getattr(settings, "speed", 1.0)):
        return kind.lower(settings, inputs, record)
