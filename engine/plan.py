"""A plan: a graph that passed every check, lowered to primitives in working order, over prepared columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine import layout, preparation
from engine.arrays import Array, RowIds, Vector
from engine.check import cannot_work, level_problems, problems, width_problem
from engine.errors import DataRefused, GraphRefused
from engine.examples import Grouping, examples_of, grouping_of
from engine.fields import AUTO
from engine.graph import Graph
from engine.inside import around, unfolded
from engine.layout import Layout
from engine.lowering import lower
from engine.preparation import Preparation
from engine.program import NOTHING_KNOWN, Known, Program, Step
from engine.stack import Stacked, stack
from engine.table import Table
from engine.target import Target, fit_target, unit_of
from engine.targets import target_of, targets, usable
from engine.unit import Unit
from engine.units import units


@dataclass(frozen=True)
class Estimate:
    """An estimate node: where its result stands, its target, and the slots that it averages (its own, if none)."""

    node: str
    slot: int
    target: Target
    voices: tuple[int, ...]


@dataclass(frozen=True)
class Voice:
    """What is compared with a target: an estimate's result, or each of those that it averages.

    place: that of the estimate among the plan's.
    """

    place: int
    slot: int
    target: Target


@dataclass(frozen=True)
class Plan:
    """What training, predicting and explaining work by.

    layout: where the program's parameters stand in the flat vector; stacked: the program as training works on it.
    whole: the graph with all nodes inside of others.
    results: by node, the slot of its result. grouping: how the graph groups rows; None where it does not.
    units: by node, how its result is told. A node in the target's units is told in them, any other as it is.
    """

    graph: Graph
    whole: Graph
    preparation: Preparation
    program: Program
    layout: Layout
    stacked: Stacked
    results: Mapping[str, int]
    estimates: tuple[Estimate, ...]
    units: Mapping[str, Unit]
    grouping: Grouping | None = None

    def sources(self, step: Step) -> list[str | None]:
        """By input of a step, the node beside the step's own whose result it reads; None where it is no node's."""
        level = around(step.node)
        found: dict[int, str] = {}
        for id, slot in self.results.items():
            if around(id) == level:
                found.setdefault(slot, id)
        return [found.get(slot) for slot in step.inputs]

    def named(self, flat: Vector) -> dict[str, dict[str, Array]]:
        """By owner and name, the parameters as views of the flat vector."""
        found: dict[str, dict[str, Array]] = {}
        for parameter, view in zip(self.program.parameters, self.layout.views(flat), strict=True):
            found.setdefault(parameter.node, {})[parameter.name] = view
        return found

    @property
    def voices(self) -> tuple[Voice, ...]:
        """All that feedback comes from: the voices of the first estimate, then those of the next."""
        return tuple(
            Voice(place, slot, estimate.target)
            for place, estimate in enumerate(self.estimates)
            for slot in estimate.voices
        )

    def start(self, seed: int) -> Vector:
        """The parameters before anything was learnt."""
        return layout.start(self.layout, self.program.parameters, seed)


def compile(
    graph: Graph,
    table: Table,
    examples: RowIds,
    target: str | None,
    *,
    standardise: bool = True,
    loss: str = AUTO,
    extra: float = 0.0,
    after: tuple[Plan, Vector] | None = None,
) -> Plan:
    """The plan for learning from these rows of a table, or groups of rows where the graph groups them.

    Raises GraphRefused with every problem there is, or DataRefused.
    after: a plan and its parameters, from which the workers that are the same there go on.
    """
    found = problems(graph, table, target)
    if found:
        raise GraphRefused(found)
    names = targets(graph, target)
    known = examples_of(graph, table, names)
    prepared = preparation.fit(table, usable(graph, table, target), known.rows(examples), standardise=standardise)
    if prepared.left_out and not prepared.width:
        raise DataRefused(_nothing_left(prepared))
    how: dict[str, Any] = {"loss": loss, "extra": extra, "standardise": standardise}
    fitted = {name: fit_target(known.answers, name, examples, **how) for name in names}
    if after is None:
        return assemble(graph, prepared, fitted, target)
    from engine import carried

    before, parameters = after
    prepared = carried.columns(before.preparation, prepared)
    fitted = carried.targets([estimate.target for estimate in before.estimates], fitted)
    kept = carried.untouched(before.graph, graph)
    fresh = assemble(graph, prepared, fitted, target)
    return assemble(graph, prepared, fitted, target, carried.numbers(before.named(parameters), kept, fresh.program))


def assemble(
    graph: Graph,
    prepared: Preparation,
    fitted: Mapping[str, Target],
    target: str | None,
    known: Known = NOTHING_KNOWN,
) -> Plan:
    """The plan for columns that are prepared already. Raises GraphRefused when a node cannot work on them.

    known: numbers that parameters start from in place of their own start.
    """
    wanted = {node.id: fitted[str(target_of(node, target))] for node in graph.nodes if node.kind == "estimate"}
    told = units(graph, {id: unit_of(found) for id, found in wanted.items()})
    lowered = lower(graph, prepared.task_columns(), told, known, wanted)
    found = list(level_problems(graph, lowered))
    if found:
        raise GraphRefused(found)
    if lowered.failures:
        raise GraphRefused([cannot_work(graph.node(node), why) for node, why in lowered.failures.items()])
    estimates = tuple(
        Estimate(id, lowered.results[id], found, _voices(graph, id, lowered.results)) for id, found in wanted.items()
    )
    widths = lowered.program.widths
    wrong = [
        width_problem(graph.node(one.node), one.target.column, one.target.width, widths[one.slot])
        for one in estimates
        if widths[one.slot] != one.target.width
    ]
    if wrong:
        raise GraphRefused(wrong)
    kept = [slot for estimate in estimates for slot in (*estimate.voices, estimate.slot)]
    stacked = stack(lowered.program, kept)
    whole = unfolded(graph)
    return Plan(
        graph,
        whole,
        prepared,
        lowered.program,
        stacked.layout,
        stacked,
        lowered.results,
        estimates,
        told,
        grouping_of(graph),
    )


def _voices(graph: Graph, estimate: str, results: Mapping[str, int]) -> tuple[int, ...]:
    """The slots that are wired to an estimate."""
    return tuple(results[wire.source] for wire in graph.wires if wire.target == estimate)


def _nothing_left(prepared: Preparation) -> str:
    first = prepared.left_out[0]
    others = f", and so is every other ({len(prepared.left_out) - 1})" if len(prepared.left_out) > 1 else ""
    why = f"'{first.column}' is left out because {first.reason}{others}"
    return f"There is no column to learn from: {why}. Add columns or rows."
