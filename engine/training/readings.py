"""What every node and wire does at the moment, on a few rows: worked out by the callbacks themselves.

Results are told in the target's units where a node has them. Feedback is that of a single row: how the row's loss, in
the target's units, changes with the number that the feedback is about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
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
from engine.training.summaries import means, plain, summarise

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

    results, re_results: by node, its result and the feedback on it, in its unit. back: by wire, what its target sends
    back to its source, in the unit of the source.
    """

    slots: Sequence[Rows]
    told: Told
    results: Mapping[str, Rows]
    re_results: Mapping[str, Rows]
    back: Mapping[str, Rows]
    wins: Mapping[tuple[str, str], float]
    winners: Mapping[str, list[str]]


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
        readers = _Readers(self._plan)
        self._readers = {wire.id: readers.of(wire) for wire in self._plan.whole.wires}
        self._contests = _contests(self._plan)
        self._norms = _Norms(self._plan)
        self._before: Vector | None = None

    def read(self, parameters: Vector, softness: float) -> Snapshot:
        """What everyone does with these parameters."""
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            passed = self._pass(parameters, softness)
            snapshot = Snapshot(self._nodes(passed, parameters), self._wires(passed), self._table(passed))
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
        told = feedback(re_slots)
        units = plan.units.items()
        results = {id: unit.offset + unit.scale * slots[plan.results[id]] for id, unit in units}
        re_results = {id: self._re_result(slots, told, submitted, id) / unit.scale for id, unit in units}
        back = self._feedback_on_wires(slots, told, heard)
        wins, winners = _wins(self._contests, slots, self._shown_at)
        return _Pass(slots, told, results, re_results, back, wins, winners)

    def _re_result(self, slots: Sequence[Rows], told: Told, submitted: Mapping[str, Rows], node: str) -> Rows:
        slot = self._plan.results[node]
        found = submitted.get(node, told.slots[slot])
        return np.zeros_like(slots[slot]) if found is None else found

    def _feedback_on_wires(self, slots: Sequence[Rows], told: Told, heard: Mapping[str, Rows]) -> dict[str, Rows]:
        plan, back = self._plan, {}
        for wire in plan.whole.wires:
            steps, estimates = self._readers[wire.id]
            answers = [told.inputs[step][place] for step, place in steps if told.inputs[step]]
            found = [answer for answer in (*answers, *(heard[id] for id in estimates)) if answer is not None]
            total: Rows = np.sum(found, axis=0) if found else np.zeros_like(slots[plan.results[wire.source]])
            back[wire.id] = total / plan.units[wire.source].scale
        return back

    def _nodes(self, passed: _Pass, parameters: Vector) -> dict[str, Any]:
        plan, ids = self._plan, [node.id for node in self._plan.whole.nodes]
        results, re_results = [passed.results[id] for id in ids], [passed.re_results[id] for id in ids]
        given: dict[str, list[Rows]] = {id: [] for id in ids}
        for wire in plan.whole.wires:
            given[wire.target].append(passed.back[wire.id])
        sent = [_side_by_side(given[id]) for id in ids]
        count = len(ids)
        told = summarise([*results, *re_results, *sent])
        norms, changes = (
            self._norms.of(parameters),
            self._norms.of(parameters - self._before) if self._before is not None else {},
        )
        nodes: dict[str, Any] = {}
        for place, id in enumerate(ids):
            nodes[id] = {"result": told[place], "re_result": told[count + place]}
            if given[id]:
                nodes[id]["re_task"] = told[2 * count + place]
            if id in norms:
                nodes[id]["parameters"] = {"norm": norms[id], "change": changes.get(id, 0.0)}
        for (source, _), share in passed.wins.items():
            nodes[source]["wins"] = share
        return nodes

    def _wires(self, passed: _Pass) -> dict[str, Any]:
        """Mean result, mean feedback, and how large the feedback is whatever its sign."""
        wires = self._plan.whole.wires
        if not wires:
            return {}
        result = dict(zip(passed.results, means(list(passed.results.values()))[0], strict=True))
        told = plain(
            np.array([[result[wire.source] for wire in wires], *means([passed.back[wire.id] for wire in wires])]).T
        )
        named = {}
        for wire, (result, feedback, size) in zip(wires, told, strict=True):
            named[wire.id] = {"result": result, "feedback": feedback, "size": size}
            if (wire.source, wire.target) in passed.wins:
                named[wire.id]["wins"] = passed.wins[wire.source, wire.target]
        return named

    def _table(self, passed: _Pass) -> dict[str, Any]:
        plan = self._plan
        everyone = [node.id for node in plan.whole.nodes]
        narrow = [id for id in everyone if passed.slots[plan.results[id]].shape[1] == 1][:SHOWN_NODES]
        at = {id: self._shown_at(plan.results[id]) for id in narrow}
        results, feedback = (
            dict(zip(narrow, plain(np.array([rows[id][at[id], 0] for id in narrow])), strict=True))
            for rows in (passed.results, passed.re_results)
        )
        answers, targets = {}, {}
        for place, estimate in enumerate(plan.estimates):
            values, chances = estimate.target.decided(passed.slots[estimate.slot][self._places])
            answers[estimate.node] = {"values": _rounded(values), "chances": _rounded(chances or [])}
            targets[estimate.node] = _rounded(estimate.target.named(self._targets[self._places, place]))
        return {
            "rows": self._shown.tolist(),
            "results": results,
            "feedback": feedback,
            "answers": answers,
            "targets": targets,
            "winners": dict(passed.winners),
        }


def _ascending(numbers: RowIds) -> RowIds:
    """Each number once; `np.unique` would do it, and load NumPy's masked arrays first."""
    ordered: RowIds = np.sort(numbers)
    return np.asarray(ordered[np.diff(ordered, prepend=ordered[:1] - 1) != 0])


def _side_by_side(rows: Sequence[Rows]) -> Rows:
    """As one; a single zero where there are none."""
    if len(rows) == 1:
        return rows[0]
    return np.concatenate(rows, axis=1) if rows else np.zeros((1, 1))


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
