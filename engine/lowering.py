"""Lowers a graph: each kind records its primitives, in working order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from engine.errors import SettingRefused, ShapeMismatch
from engine.fields import read, refusals
from engine.graph import Graph, Node, Wire
from engine.inside import DEEPEST, within
from engine.kind import Inputs, Kind, catalogue
from engine.order import working_order
from engine.program import NO_TARGETS, NOTHING_KNOWN, Known, Program, Recorder, Targets, TaskColumn
from engine.unit import AS_IT_IS, Unit

SAME = "same"
Failure: TypeAlias = ShapeMismatch | SettingRefused


@dataclass
class Lowered:
    """What could be recorded, and why the rest could not.

    results: by node, the slot of its result; those of nodes inside others too.
    failures: by node, what does not go together, in a sentence. Nodes that stand after a failure are in neither.
    """

    program: Program
    results: dict[str, int] = field(default_factory=dict)
    failures: dict[str, Failure] = field(default_factory=dict)


def lower(
    graph: Graph,
    columns: Mapping[str, TaskColumn],
    units: Mapping[str, Unit] | None = None,
    known: Known = NOTHING_KNOWN,
    targets: Targets = NO_TARGETS,
) -> Lowered:
    """Records every node that can be recorded.

    columns: by name, how the task holds them; units: by node, how its result is told; known: numbers to start from;
    targets: by estimate, what it is compared with.
    """
    record = GraphRecorder(columns, units or {}, known, targets)
    failures = record.graph(graph)
    return Lowered(record.program(), record.results, failures)


class GraphRecorder(Recorder):
    """Writes down a graph's nodes, and those of the graphs that they hold."""

    def __init__(
        self, columns: Mapping[str, TaskColumn], units: Mapping[str, Unit], known: Known, targets: Targets
    ) -> None:
        super().__init__(columns, known, targets)
        self.results: dict[str, int] = {}
        self._units = units
        self._nodes: dict[str, Node] = {}
        self._around = self._owned = ""  # what stands before the ids of the graph's nodes, and of their owners

    def graph(self, graph: Graph) -> dict[str, Failure]:
        """Records its nodes, in working order; by node, why it could not be recorded."""
        self._nodes = {node.id: node for node in graph.nodes}
        incoming: dict[str, list[Wire]] = {id: [] for id in self._nodes}
        for wire in graph.wires:
            if wire.source in self._nodes and wire.target in self._nodes:
                incoming[wire.target].append(wire)
        failures: dict[str, Failure] = {}
        for id in working_order(graph):
            node, kind = self._nodes[id], catalogue().get(self._nodes[id].kind)
            inputs = self._inputs(kind, incoming[id]) if kind and not refusals(kind.settings, node.settings) else None
            if inputs is not None:
                try:
                    self.results[self._around + id] = self._record(node, node, inputs)
                except (ShapeMismatch, SettingRefused) as error:
                    failures[id] = error
        return failures

    def again(self, node: str, inputs: Inputs) -> int:
        worker = self._nodes.get(node)
        kind = catalogue().get(worker.kind) if worker else None
        if worker is None or kind is None or [port.name for port in kind.inputs] != list(inputs):
            raise SettingRefused(f"there is no worker '{node}' that could do this task. Choose another.")
        if worker.kind == SAME:
            raise SettingRefused("it stands for a node that stands for another. Choose the worker itself.")
        here = self.post.node.removeprefix(self._around)
        return self._record(self._nodes[here], worker, inputs)

    def inside(self, graph: Graph, result: str) -> int:
        before = self._nodes, self._around, self._owned
        self._around, self._owned = within(self.post.node), within(self.post.owner)
        if self._around.count(within("")) > DEEPEST:
            raise SettingRefused(f"more than {DEEPEST} teams stand inside one another. Open up some of them.")
        failures = self.graph(graph)
        slot = self.results.get(self._around + result)
        self._nodes, self._around, self._owned = before
        for id, why in failures.items():
            raise SettingRefused(f"inside it, '{graph.node(id).name}' cannot work: {why}")
        if slot is None:
            raise SettingRefused("it is not finished inside.")
        return slot

    def _record(self, node: Node, worker: Node, inputs: Inputs) -> int:
        """A node's work as the worker's kind does it, with the worker's parameters."""
        kind, id = catalogue()[worker.kind], self._around + node.id
        settings: Any = read(kind.settings, worker.settings)
        speed, unit = getattr(settings, "speed", 1.0), self._units.get(id, AS_IT_IS)
        target = self.post.targets.get(node.id)
        with self.at(id, self._owned + worker.id, speed=speed, unit=unit, target=target):
            return kind.lower(settings, inputs, self)

    def _inputs(self, kind: Kind, wires: Sequence[Wire]) -> Inputs | None:
        """By port, the slots that come in; None when a port has too few or too many, or a source has no result."""
        slots: dict[str, list[int]] = {port.name: [] for port in kind.inputs}
        for wire in wires:
            port, source = kind.port(wire.target_port), self._around + wire.source
            if port is None or source not in self.results:
                return None
            slots[port.name].append(self.results[source])
        for port in kind.inputs:
            if not port.least <= len(slots[port.name]) <= (port.most or len(wires)):
                return None
        return {name: tuple(found) for name, found in slots.items()}
