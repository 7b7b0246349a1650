"""In which unit each node's result is told: the target's, followed back from the estimates through all that keep it."""

from __future__ import annotations

from collections.abc import Mapping

from engine.graph import Graph, Wire
from engine.inside import readable, within
from engine.kind import Kind, Port, catalogue
from engine.order import working_order
from engine.unit import AS_IT_IS, Unit


def units(graph: Graph, known: Mapping[str, Unit]) -> dict[str, Unit]:
    """By node, those inside others among them. `known`: by node, in which unit its result must be told.

    A node that is asked for two different units, or for none, is told as it is.
    """
    asked: dict[str, set[Unit]] = {node.id: set() for node in graph.nodes}
    for id, unit in known.items():
        asked[id].add(unit)
    incoming: dict[str, list[Wire]] = {node.id: [] for node in graph.nodes}
    for wire in graph.wires:
        incoming[wire.target].append(wire)
    told: dict[str, Unit] = {}
    for id in reversed(working_order(graph)):
        node = graph.node(id)
        kind, held = catalogue()[node.kind], readable(node)
        told[id] = next(iter(asked[id])) if len(asked[id]) == 1 else AS_IT_IS
        if held:
            own = held.unit or told[id]
            told[id] = own if told[id] == AS_IT_IS else told[id]
            told |= {within(id) + inner: unit for inner, unit in units(held.graph, {held.result: own}).items()}
        ports = [kind.port(wire.target_port) for wire in incoming[id]]
        for wire, port in zip(incoming[id], ports, strict=True):
            asked[wire.source].add(_asked_of(kind, port, told[id], ports.count(port)))
    return told


def _asked_of(kind: Kind, port: Port | None, unit: Unit, count: int) -> Unit:
    """The unit that what comes in at a port must have for the result to have this one."""
    rule = kind.target_units.get(port.name if port else "")
    offsets = {"same": unit.offset, "shared": unit.offset / count, "offset-free": 0.0}
    return Unit(unit.scale, offsets[rule]) if rule and unit != AS_IT_IS else AS_IT_IS
