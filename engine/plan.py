"""A plan: a graph that passed every check, lowered to primitives in working order, over prepared columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from engine import layout, preparation
from engine.arrays import RowIds, Vector
from engine.check import problems
from engine.errors import DataRefused, GraphRefused
from engine.graph import Graph, Wire
from engine.kind import Kind, Port, catalogue
from engine.layout import Layout
from engine.lowering import lower
from engine.order import working_order
from engine.preparation import Preparation, PreparedColumn
from engine.problem import Problem
from engine.program import Program
from engine.stack import Stacked, stack
from engine.table import Table
from engine.targets import target_of, targets, usable


@dataclass(frozen=True)
class Target:
    """The column that an estimate is compared with, and how it is brought to the team's own scale."""

    column: str
    center: float
    scale: float


@dataclass(frozen=True)
class Estimate:
    """An estimate node: where its result stands, and its target."""

    node: str
    slot: int
    target: Target


@dataclass(frozen=True)
class Unit:
    """How a number inside the team is told to people: offset + scale * number."""

    scale: float = 1.0
    offset: float = 0.0


@dataclass(frozen=True)
class Plan:
    """What training, predicting and explaining work by.

    layout: where the program's parameters stand in the flat vector; stacked: the program as training works on it.
    results: by node, the slot of its result.
    units: by node, how its result is told. A node in the target's units is told in them, any other as it is.
    """

    graph: Graph
    preparation: Preparation
    program: Program
    layout: Layout
    stacked: Stacked
    results: Mapping[str, int]
    estimates: tuple[Estimate, ...]
    units: Mapping[str, Unit]

    def start(self, seed: int) -> Vector:
        """The parameters before anything was learnt."""
        return layout.start(self.layout, self.program.parameters, seed)


def compile(graph: Graph, table: Table, rows: RowIds, target: str | None, *, standardise: bool = True) -> Plan:
    """The plan for these training rows of a table. Raises GraphRefused with every problem there is."""
    found = problems(graph, table, target)
    if found:
        raise GraphRefused(found)
    prepared = preparation.fit(table, usable(graph, table, target), rows, standardise=standardise)
    scales = {name: _fit_target(table, name, rows, standardise) for name in targets(graph, target)}
    return assemble(graph, prepared, scales, target)


def assemble(graph: Graph, prepared: Preparation, scales: Mapping[str, Target], target: str | None) -> Plan:
    """The plan for columns that are prepared already. Raises GraphRefused when a node cannot work on them."""
    lowered = lower(graph, prepared.task_columns())
    if lowered.failures or lowered.program is None:
        raise GraphRefused([_failure(graph, node, why) for node, why in lowered.failures.items()])
    estimates = tuple(
        Estimate(node.id, lowered.results[node.id], scales[str(target_of(node, target))])
        for node in graph.nodes
        if node.kind == "estimate"
    )
    stacked = stack(lowered.program, [estimate.slot for estimate in estimates])
    units = _units(graph, estimates)
    return Plan(graph, prepared, lowered.program, stacked.layout, stacked, lowered.results, estimates, units)


def _failure(graph: Graph, node: str, why: str) -> Problem:
    message = f"Node '{graph.node(node).name}' cannot work: {why}"
    return Problem("width-mismatch", message, "Change a width, or wire it differently.", node=node)


def _fit_target(table: Table, name: str, rows: RowIds, standardise: bool) -> Target:
    values = np.asarray(table.data[name])[rows]
    found = preparation.fit_number(name, table.column(name).type, values, standardise=standardise)
    if isinstance(found, PreparedColumn):
        return Target(name, found.center, found.scale)
    known = values[np.isfinite(values)]
    if not len(known) or "too large" in found.reason:
        raise DataRefused(f"Target '{name}' cannot be learnt: {found.reason}. Choose another target.")
    return Target(name, float(known[0]), 1.0)


def _units(graph: Graph, estimates: tuple[Estimate, ...]) -> dict[str, Unit]:
    """Follows the target's unit from each estimate back through the nodes that keep it."""
    asked: dict[str, set[Unit]] = {node.id: set() for node in graph.nodes}
    for estimate in estimates:
        asked[estimate.node].add(Unit(estimate.target.scale, estimate.target.center))
    incoming: dict[str, list[Wire]] = {node.id: [] for node in graph.nodes}
    for wire in graph.wires:
        incoming[wire.target].append(wire)
    told: dict[str, Unit] = {}
    kinds = {node.id: catalogue()[node.kind] for node in graph.nodes}
    for id in reversed(working_order(graph)):
        told[id] = next(iter(asked[id])) if len(asked[id]) == 1 else Unit()
        ports = [kinds[id].port(wire.target_port) for wire in incoming[id]]
        for wire, port in zip(incoming[id], ports, strict=True):
            asked[wire.source].add(_asked_of(kinds[id], port, told[id], ports.count(port)))
    return told


def _asked_of(kind: Kind, port: Port | None, unit: Unit, count: int) -> Unit:
    """The unit that what comes in at a port must have for the result to have this one."""
    rule = kind.target_units.get(port.name if port else "")
    offsets = {"same": unit.offset, "shared": unit.offset / count, "offset-free": 0.0}
    return Unit(unit.scale, offsets[rule]) if rule and unit != Unit() else Unit()
