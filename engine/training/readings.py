"""What every node and wire does at the moment, on a few rows: worked out by the callbacks themselves.

Results are told in the target's units where a node has them. Feedback is that of a single row: how the row's loss, in
the target's units, changes with the number that the feedback is about.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.arrays import RowIds, Rows, Vector
from engine.callbacks import Told, run
from engine.graph import Wire
from engine.inside import around
from engine.plan import Plan
from engine.primitive import Moment, Selective
from engine.program import Step
from engine.training.executor import Work
from engine.training.summaries import Sheet, plain

SHOWN_ROWS = 12
SAMPLED_ROWS = 64
SHOWN_NODES = 60


@dataclass(frozen=True)
class Snapshot:
    """Readings of all nodes and wires, and the rows that the table shows."""

    nodes: dict[str, Any]
    wires: dict[str, Any]
    rows: dict[str, Any]


@dataclass(frozen=True)
class _Pass:
    """One pass forward and back over the sampled rows.

    submitted: by estimate, the feedback on what it submits. heard: by wire into an estimate, the feedback on what the
    wire carries.
    """

    slots: Sequence[Rows]
    told: Told
    submitted: Mapping[str, Rows]
    heard: Mapping[str, Rows]

    def re_result(self, node: str, slot: int) -> Rows | None:
        """The feedback on a node's result, which stands in this slot; None where there is none."""
        return self.submitted.get(node, self.told.slots[slot])


class Reader:
    """Takes readings of a training. The rows that it samples stay the same, so that what changes is the team."""

    def __init__(self, work: Work, train: RowIds) -> None:
        self._work, self._plan = work, work.plan
        evenly = np.linspace(0, len(train) - 1, min(len(train), SAMPLED_ROWS)).astype(int)
        shown = train[:SHOWN_ROWS]
        examples = _ascending(np.concatenate([shown, train[evenly]]))
        rows, self._groups = work.rows(examples)
        self._places = np.searchsorted(examples, shown)
        self._first = self._places if self._groups is None else self._groups[self._places]
        self._shown = rows[self._first]
        self._features = np.array(work.features[rows])
        self._targets = np.array(work.targets[examples])
        self._figures = _Figures(self._plan, len(rows), len(examples))
        self._contests = _contests(self._plan)
        self._norms = _Norms(self._plan)
        self._before: Vector | None = None

    def read(self, parameters: Vector, softness: float) -> Snapshot:
        """What everyone does with these parameters."""
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            passed = self._pass(parameters, softness)
            nodes, wires = self._figures.of(passed)
            wins, winners = _wins(self._contests, passed.slots, self._shown_at)
            for (source, target), share in wins.items():
                nodes[source]["wins"] = share
                for wire in self._figures.between[source, target]:
                    wires[wire]["wins"] = share
            self._tell_lengths(nodes, parameters)
            snapshot = Snapshot(nodes, wires, self._table(passed, winners))
        self._before = parameters
        return snapshot

    def _moment(self, softness: float) -> Moment:
        return Moment(softness, groups=self._groups)

    def _shown_at(self, slot: int) -> NDArray[Any]:
        """Where the shown examples stand in a slot; in one that has all rows of groups, their first rows."""
        return self._places if self._plan.program.grouped[slot] else self._first

    def _pass(self, parameters: Vector, softness: float) -> _Pass:
        plan = self._plan
        slots, feedback = run(plan.program, self._features, plan.layout.views(parameters), self._moment(softness))
        submitted: dict[str, Rows] = {}
        heard: dict[str, Rows] = {}
        re_slots: dict[int, Rows] = {}
        for place, estimate in enumerate(plan.estimates):
            target = estimate.target
            spoken = [
                target.feedback(slots[slot], self._targets[:, place]) * target.loss_unit for slot in estimate.voices
            ]
            wires = [wire.id for wire in plan.graph.wires if wire.target == estimate.node]
            heard |= dict(zip(wires, spoken, strict=True))
            submitted[estimate.node] = target.feedback(slots[estimate.slot], self._targets[:, place]) * target.loss_unit
            for slot, re_result in zip(estimate.voices, spoken, strict=True):
                before = re_slots.get(slot)
                re_slots[slot] = re_result if before is None else before + re_result
        return _Pass(slots, feedback(re_slots), submitted, heard)

    def _tell_lengths(self, nodes: dict[str, Any], parameters: Vector) -> None:
        """How long each node's parameters are, and how far they have moved since the last reading."""
        lengths = self._norms.of(parameters)
        moved = {} if self._before is None else self._norms.of(parameters - self._before)
        for id, length in lengths.items():
            nodes[id]["parameters"] = {"norm": length, "change": moved.get(id, 0.0)}

    def _table(self, passed: _Pass, winners: Mapping[str, list[str]]) -> dict[str, Any]:
        plan, slots = self._plan, passed.slots
        everyone = [node.id for node in plan.whole.nodes]
        narrow = [id for id in everyone if slots[plan.results[id]].shape[1] == 1][:SHOWN_NODES]
        results, feedback = np.zeros((2, len(narrow), len(self._places)))
        for place, id in enumerate(narrow):
            slot, unit = plan.results[id], plan.units[id]
            at, re_result = self._shown_at(slot), passed.re_result(id, slot)
            results[place] = unit.offset + unit.scale * slots[slot][at, 0]
            if re_result is not None:
                feedback[place] = re_result[at, 0] / unit.scale
        answers, targets = {}, {}
        for place, estimate in enumerate(plan.estimates):
            values, chances = estimate.target.decided(slots[estimate.slot][self._places])
            answers[estimate.node] = {"values": _rounded(values), "chances": _rounded(chances or [])}
            targets[estimate.node] = _rounded(estimate.target.named(self._targets[self._places, place]))
        return {
            "rows": self._shown.tolist(),
            "results": dict(zip(narrow, plain(results), strict=True)),
            "feedback": dict(zip(narrow, plain(feedback), strict=True)),
            "answers": answers,
            "targets": targets,
            "winners": dict(winners),
        }


class _Figures:
    """Sums up what every node gives and gets back and what every wire carries, in the units of the nodes."""

    def __init__(self, plan: Plan, rows: int, examples: int) -> None:
        whole, readers = plan.whole, _Readers(plan)
        self._nodes = [(node.id, plan.results[node.id]) for node in whole.nodes]
        into: dict[str, list[Wire]] = {id: [] for id, _ in self._nodes}
        self.between: dict[tuple[str, str], list[str]] = defaultdict(list)
        for wire in whole.wires:
            into[wire.target].append(wire)
            self.between[wire.source, wire.target].append(wire.id)
        self._asked = [id for id, wires in into.items() if wires]
        wires = [wire for found in into.values() for wire in found]
        self._wires = [(wire.id, *readers.of(wire)) for wire in wires]
        numbers = {id: place for place, (id, _) in enumerate(self._nodes)}
        self._sources = np.array([numbers[wire.source] for wire in wires], dtype=np.int64)
        units = [plan.units[id] for id, _ in self._nodes]
        back = [1 / unit.scale for unit in units]
        self._scales = [*(unit.scale for unit in units), *back, *(back[place] for place in self._sources)]
        self._offsets = [*(unit.offset for unit in units), *[0.0] * (len(units) + len(wires))]
        shapes = [
            (examples if plan.program.grouped[slot] else rows, plan.program.widths[slot]) for _, slot in self._nodes
        ]
        count = len(shapes)
        firsts = accumulate((len(into[id]) for id in self._asked[:-1]), initial=2 * count) if wires else ()
        self._sheet = Sheet(
            [*shapes, *shapes, *(shapes[place] for place in self._sources)], [*range(2 * count), *firsts]
        )

    def of(self, passed: _Pass) -> tuple[dict[str, Any], dict[str, Any]]:
        """By node, its result, the feedback on it, and the feedback on its task; by wire, what it carries."""
        self._sheet.fill(self._arrays(passed), self._scales, self._offsets)
        told, count = self._sheet.summaries(), len(self._nodes)
        nodes: dict[str, Any] = {}
        for (id, _), result, re_result in zip(self._nodes, told, told[count : 2 * count], strict=False):
            nodes[id] = {"result": result, "re_result": re_result}
        for id, re_task in zip(self._asked, told[2 * count :], strict=True):
            nodes[id]["re_task"] = re_task
        return nodes, self._carried([result["mean"] for result in told[:count]])

    def _arrays(self, passed: _Pass) -> Iterator[Rows | None]:
        """Results of the nodes, the feedback on them, and what each wire's target sends back along it."""
        for _, slot in self._nodes:
            yield passed.slots[slot]
        for id, slot in self._nodes:
            yield passed.re_result(id, slot)
        for _, steps, estimates in self._wires:
            inputs = passed.told.inputs
            found = [inputs[step][place] for step, place in steps if inputs[step]]
            yield _sum([*found, *(passed.heard[id] for id in estimates)])

    def _carried(self, results: Sequence[float | None]) -> dict[str, Any]:
        """Mean result, mean feedback, and how large the feedback is whatever its sign."""
        if not self._wires:
            return {}
        told = plain(np.array(self._sheet.means(2 * len(self._nodes))).T)
        return {
            id: {"result": results[source], "feedback": feedback, "size": size}
            for (id, _, _), source, (feedback, size) in zip(self._wires, self._sources.tolist(), told, strict=True)
        }


def _sum(answers: Sequence[Rows | None]) -> Rows | None:
    total: Rows | None = None
    for answer in answers:
        if answer is not None:
            total = answer if total is None else total + answer
    return total


def _ascending(numbers: RowIds) -> RowIds:
    """Each number once; `np.unique` would do it, and load NumPy's masked arrays first."""
    ordered: RowIds = np.sort(numbers)
    return np.asarray(ordered[np.diff(ordered, prepend=ordered[:1] - 1) != 0])


def _rounded(values: list[Any]) -> list[Any]:
    """Numbers as plain ones; names as they are."""
    return plain(np.array(values)) if values and isinstance(values[0], float) else values


class _Readers:
    """Who reads what a wire carries: steps at which of their inputs, and wires into estimates.

    Whoever hands on what it is given as it is (a team's Task and Result among them) reads it by those behind it.
    """

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._kinds = {node.id: node.kind for node in plan.whole.nodes}
        self._steps: dict[tuple[str, int], list[tuple[int, int]]] = {}
        for index, step in enumerate(plan.program.steps):
            for place, slot in enumerate(step.inputs):
                self._steps.setdefault((step.node, slot), []).append((index, place))
        self._leaving: dict[str, list[Wire]] = {id: [] for id in self._kinds}
        self._handed: dict[str, list[Wire]] = {id: [] for id in self._kinds}
        for wire in plan.whole.wires:
            self._leaving[wire.source].append(wire)
            if self._kinds[wire.source] == "team_task":
                self._handed[around(wire.source)].append(wire)

    def of(self, wire: Wire) -> tuple[list[tuple[int, int]], list[str]]:
        """(step, input) pairs, and ids of wires into estimates."""
        steps: set[tuple[int, int]] = set()
        heard: set[str] = set()
        self._read(wire, self._plan.results[wire.source], steps, heard)
        return sorted(steps), sorted(heard)

    def _read(self, wire: Wire, slot: int, steps: set[tuple[int, int]], heard: set[str]) -> None:
        node = wire.target
        ends = self._kinds[node] in ("estimate", "team_result")
        if ends and not around(node):
            heard.add(wire.id)
            return
        reader = around(node) if ends else node  # whose steps work on what a team or a model ends with
        steps.update(self._steps.get((node, slot), ()), self._steps.get((reader, slot), ()))
        passed_on = self._leaving[reader] if self._plan.results[reader] == slot else []
        for further in [*passed_on, *([] if ends else self._handed[node])]:
            if self._plan.results[further.source] == slot:
                self._read(further, slot, steps, heard)


@dataclass(frozen=True)
class _Contest:
    """A step at which one of several nodes wins: who they are, and the place of the first among the step's inputs."""

    slot: int
    step: Step
    primitive: Selective
    nodes: Sequence[str]
    first: int


def _contests(plan: Plan) -> list[_Contest]:
    found = []
    for slot, step in enumerate(plan.program.steps, 1):
        if isinstance(step.primitive, Selective):
            nodes, first = plan.sources(step), step.primitive.first_contender
            if all(nodes[first:]) and step.node in plan.units:
                found.append(_Contest(slot, step, step.primitive, [str(node) for node in nodes], first))
    return found


def _wins(
    contests: Sequence[_Contest], slots: Sequence[Rows], shown_at: Callable[[int], NDArray[Any]]
) -> tuple[dict[tuple[str, str], float], dict[str, list[str]]]:
    """By source and target node, the share of rows that the source wins; by target, the winner of each shown row."""
    wins, winners = {}, {}
    for contest in contests:
        step, nodes = contest.step, contest.nodes
        chosen = contest.primitive.winners([slots[read] for read in step.inputs])
        shares = np.bincount(chosen.ravel(), minlength=len(step.inputs)) / chosen.size
        for node, share in zip(nodes[contest.first :], shares[contest.first :], strict=True):
            wins[node, step.node] = round(float(share), 4)
        winners[step.node] = [nodes[place] for place in chosen[shown_at(contest.slot), 0]]
    return wins, winners


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
