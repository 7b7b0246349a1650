"""Lowers a graph: each kind records its primitives, in working order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from engine.errors import SettingRefused, ShapeMismatch
from engine.fields import read, refusals
from engine.graph import Graph, Node, Wire
from engine.kind import Inputs, Kind, catalogue
from engine.order import working_order
from engine.program import Program, Recorder


@dataclass
class Lowered:
    """What could be recorded, and why the rest could not.

    results: by node, the slot of its result.
    failures: by node, a sentence on what does not go together. Nodes that stand after a failure are in neither.
    """

    results: dict[str, int] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)
    program: Program | None = None


def lower(graph: Graph, columns: Mapping[str, Sequence[int]]) -> Lowered:
    """Records every node that can be recorded. `columns`: by name, where a column's features stand in the task."""
    record, lowered = Recorder(columns), Lowered()
    nodes = {node.id: node for node in graph.nodes}
    incoming: dict[str, list[Wire]] = {id: [] for id in nodes}
    for wire in graph.wires:
        if wire.source in nodes and wire.target in nodes:
            incoming[wire.target].append(wire)
    for id in working_order(graph):
        kind = catalogue().get(nodes[id].kind)
        if kind and not refusals(kind.settings, nodes[id].settings):
            inputs = inputs_of(kind, incoming[id], lowered.results)
            if inputs is not None:
                _lower_node(nodes[id], kind, inputs, record, lowered)
    lowered.program = record.program()
    return lowered


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


def _lower_node(node: Node, kind: Kind, inputs: Inputs, record: Recorder, lowered: Lowered) -> None:
    try:
        with record.at(node.id):
            lowered.results[node.id] = kind.lower(read(kind.settings, node.settings), inputs, record)
    except (ShapeMismatch, SettingRefused) as error:
        lowered.failures[node.id] = str(error)
