"""A plan: a graph that passed every check, lowered to primitives in working order, over prepared columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine import layout, preparation
from engine.arrays import RowIds, Vector
from engine.check import problems
from engine.errors import GraphRefused
from engine.fields import AUTO
from engine.graph import Graph, Wire
from engine.kind import Kind, Port, catalogue
from engine.layout import Layout
from engine.loss import VALUE
from engine.lowering import lower
from engine.order import working_order
from engine.preparation import Preparation
from engine.problem import Problem
from engine.program import Program
from engine.stack import Stacked, stack
from engine.table import Table
from engine.target import Target, fit_target
from engine.targets import target_of, targets, usable


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


def compile(
    graph: Graph,
    table: Table,
    rows: RowIds,
    target: str | None,
    *,
    standardise: bool = True,
    loss: str = AUTO,
    extra: float = 0.0,
) -> Plan:
    """The plan for these training rows of a table. Raises GraphRefused with every problem there is, or DataRefused."""
    found = problems(graph, table, target)
    if found:
        raise GraphRefused(found)
    prepared = preparation.fit(table, usable(graph, table, target), rows, standardise=standardise)
    names = targets(graph, target)
    fitted = {name: fit_target(table, name, rows, loss=loss, extra=extra, standardise=standardise) for name in names}
    return assemble(graph, prepared, fitted, target)


def assemble(graph: Graph, prepared: Preparation, fitted: Mapping[str, Target], target: str | None) -> Plan:
    """The plan for columns that are prepared already. Raises GraphRefused when a node cannot work on them."""
    lowered = lower(graph, prepared.task_columns())
    if lowered.failures or lowered.program is None:
        raise GraphRefused([_failure(graph, node, why) for node, why in lowered.failures.items()])
    estimates = tuple(
        Estimate(node.id, lowered.results[node.id], fitted[str(target_of(node, target))])
        for node in graph.nodes
        if node.kind == "estimate"
    )
    widths = lowered.program.widths
    wrong = [_too_narrow(graph, one, widths[one.slot]) for one in estimates if widths[one.slot] != one.target.width]
    if wrong:
        raise GraphRefused(wrong)
    stacked = stack(lowered.program, [estimate.slot for estimate in estimates])
    units = _units(graph, estimates)
    return Plan(graph, prepared, lowered.program, stacked.layout, stacked, lowered.results, estimates, units)


def _too_narrow(graph: Graph, estimate: Estimate, width: int) -> Problem:
    target, name = estimate.target, graph.node(estimate.node).name
    needs = f"{target.width} numbers, one for each class" if target.width > 1 else "one number"
    message = f"'{name}' estimates '{target.column}' and needs {needs}; it is given {width}."
    return Problem(
        "width-mismatch", message, f"Set the width of what is wired to it to {target.width}.", node=estimate.node
    )


def _failure(graph: Graph, node: str, why: str) -> Problem:
    message = f"Node '{graph.node(node).name}' cannot work: {why}"
    return Problem("width-mismatch", message, "Change a width, or wire it differently.", node=node)


def _units(graph: Graph, estimates: tuple[Estimate, ...]) -> dict[str, Unit]:
    """Follows the target's unit from each estimate back through the nodes that keep it."""
    asked: dict[str, set[Unit]] = {node.id: set() for node in graph.nodes}
    for estimate in estimates:
        unit = Unit(estimate.target.scale, estimate.target.center)
        asked[estimate.node].add(unit if estimate.target.kind.told == VALUE else Unit())
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
