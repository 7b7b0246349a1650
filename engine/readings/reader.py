"""What every node and wire does at the moment, on a few rows.

Results are told in the target's units where a node has them. Feedback is that of a single row: how the row's loss, in
the target's units, changes with the number that the feedback is about.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.arrays import RowIds, Vector
from engine.inside import around
from engine.plan import Plan
from engine.program import TASK
from engine.readings.contests import Contests
from engine.readings.digits import plain
from engine.readings.figures import Figures
from engine.readings.passes import Callbacks, Kept, Pass, Sample
from engine.tape.observing import observer_for
from engine.target import Target
from engine.training.executor import Work
from engine.training.split import evenly

SHOWN_ROWS = 12
SAMPLED_ROWS = 64
SHOWN_NODES = 60
MOST_NUMBERS = 1 << 22
"""That a pass reads, of all nodes and rows, unless a single row has far more."""


@dataclass(frozen=True)
class Snapshot:
    """Readings of all nodes and wires, and the rows that the table shows."""

    nodes: dict[str, Any]
    wires: dict[str, Any]
    rows: dict[str, Any]


class Reader:
    """Takes readings of a training. The rows that it samples stay the same, so that what changes is the team."""

    def __init__(self, work: Work, train: RowIds) -> None:
        self._plan = plan = work.plan
        shown = train[:SHOWN_ROWS]
        examples = _ascending(np.concatenate([shown, evenly(train, _sampled(plan) - SHOWN_ROWS)]))
        sample = Sample.of(work, examples)
        self._pass: Pass = observer_for(plan, sample) or Callbacks(plan, sample)
        kept, numbers = self._pass.kept, self._pass.numbers
        places = np.searchsorted(examples, shown)
        firsts = places if sample.groups is None else sample.groups[places]
        self._shown_at = [places if grouped else firsts for grouped in plan.program.grouped]
        self._shown = work.rows(examples)[0][firsts].tolist()
        self._slots = [span.of(numbers) for span in kept.results]
        self._figures = Figures(plan, kept)
        self._contests = Contests(plan, kept, self._shown_at)
        self._norms = _Norms(plan)
        self._table = _Table(plan, kept, self._shown_at)
        self._answers = [
            (one, _as_given(one.target, sample.targets[places, place])) for place, one in enumerate(plan.estimates)
        ]
        self._before: Vector | None = None

    def read(self, parameters: Vector, softness: float) -> Snapshot:
        """What everyone does with these parameters."""
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            self._pass.take(parameters, softness)
            nodes, wires = self._figures.of(self._pass.numbers)
            wins, winners = self._contests.of(self._pass.numbers)
            for (source, target), share in wins.items():
                nodes[source]["wins"] = share
                for wire in self._figures.between[source, target]:
                    wires[wire]["wins"] = share
            self._tell_lengths(nodes, parameters)
            snapshot = Snapshot(nodes, wires, self._rows(winners))
        self._before = parameters
        return snapshot

    def _rows(self, winners: Mapping[str, list[str]]) -> dict[str, Any]:
        """What the table of the first few rows shows."""
        results, feedback = self._table.of(self._pass.numbers)
        answers, targets = {}, {}
        for estimate, wanted in self._answers:
            slot = estimate.slot
            values, chances = estimate.target.decided(self._slots[slot][self._shown_at[slot]])
            answers[estimate.node] = {"values": _rounded(values), "chances": _rounded(chances or [])}
            targets[estimate.node] = wanted
        told = {"results": results, "feedback": feedback, "answers": answers, "targets": targets}
        return {"rows": self._shown, **told, "winners": dict(winners)}

    def _tell_lengths(self, nodes: dict[str, Any], parameters: Vector) -> None:
        """How long each node's parameters are, and how far they have moved since the last reading."""
        lengths = self._norms.of(parameters)
        moved = {} if self._before is None else self._norms.of(parameters - self._before)
        for id, length in lengths.items():
            nodes[id]["parameters"] = {"norm": length, "change": moved.get(id, 0.0)}


def _sampled(plan: Plan) -> int:
    """How many rows are read, the shown ones included: fewer where very many nodes read very wide tasks."""
    program = plan.program
    wide = sum(program.widths[slot] for step in program.steps for slot in step.inputs)
    return min(SAMPLED_ROWS, max(2 * SHOWN_ROWS, MOST_NUMBERS // max(wide, 1)))


class _Table:
    """What each node that gives a single number gives to the first few rows, and is told about them."""

    def __init__(self, plan: Plan, kept: Kept, shown_at: Sequence[RowIds]) -> None:
        estimates = dict(zip((one.node for one in plan.estimates), kept.estimates, strict=True))
        slots = {node.id: plan.results[node.id] for node in plan.whole.nodes}
        self._nodes = [id for id, slot in slots.items() if kept.results[slot].width == 1][:SHOWN_NODES]
        told = [(slots[id], kept.results[slots[id]], estimates.get(id)) for id in self._nodes]
        results = [span.places()[shown_at[slot], 0] for slot, span, _ in told]
        feedback = [(own or kept.feedback[slot]).places()[shown_at[slot], 0] for slot, _, own in told]
        self._places = np.array([*results, *feedback], np.int64).reshape(2, len(told), len(shown_at[TASK]))
        self._scales = np.array([plan.units[id].scale for id in self._nodes])[:, None]
        self._offsets = np.array([plan.units[id].offset for id in self._nodes])[:, None]

    def of(self, numbers: Vector) -> list[dict[str, Any]]:
        """By node, its results and the feedback on them, a number a row."""
        results, feedback = np.asarray(numbers[self._places], np.float64)
        told = plain(np.array([self._offsets + self._scales * results, feedback / self._scales]))
        return [dict(zip(self._nodes, rows, strict=True)) for rows in told]


def _ascending(numbers: RowIds) -> RowIds:
    """Each number once; `np.unique` would do it, and load NumPy's masked arrays first."""
    ordered: RowIds = np.sort(numbers)
    return np.asarray(ordered[np.diff(ordered, prepend=ordered[:1] - 1) != 0])


def _rounded(values: list[Any]) -> list[Any]:
    """Numbers as plain ones; names as they are."""
    return plain(np.array(values)) if values and isinstance(values[0], float) else values


def _as_given(target: Target, values: Vector) -> list[Any]:
    """The target's own values, but for what scaling them and back has done to the last digits of numbers."""
    digits = 7 if values.dtype == np.float32 else 12
    known = np.isfinite(values)
    told = [float(f"{value:.{digits}g}") if isinstance(value, float) else value for value in target.named(values)]
    return [value if there else None for value, there in zip(told, known, strict=True)]


class _Norms:
    """The length of every node's parameters, all at once; those of a team are its members'."""

    def __init__(self, plan: Plan) -> None:
        order = np.argsort([place.offset for place in plan.layout.places], kind="stable")
        self._offsets = np.array([plan.layout.places[place].offset for place in order], dtype=np.int64)
        owners = [list(_with_those_around(plan.program.parameters[place].node)) for place in order]
        self._nodes = list(dict.fromkeys(node for found in owners for node in found))
        numbers = {node: number for number, node in enumerate(self._nodes)}
        self._places = np.array([place for place, found in enumerate(owners) for _ in found], dtype=np.int64)
        self._owners = np.array([numbers[node] for found in owners for node in found], dtype=np.int64)

    def of(self, flat: Vector) -> dict[str, float]:
        if not len(self._offsets):
            return {}
        squares = np.add.reduceat(np.asarray(flat, np.float64) ** 2, self._offsets)
        norms = np.sqrt(np.bincount(self._owners, weights=squares[self._places], minlength=len(self._nodes)))
        return dict(zip(self._nodes, plain(norms), strict=True))


def _with_those_around(node: str) -> Iterator[str]:
    while node:
        yield node
        node = around(node)
