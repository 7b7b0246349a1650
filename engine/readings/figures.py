"""Sums up what every node gives and gets back and what every wire carries, in the units of the nodes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import accumulate
from typing import Any

import numpy as np

from engine.arrays import Vector
from engine.graph import Wire
from engine.inside import around
from engine.plan import Plan
from engine.readings.digits import plain
from engine.readings.passes import Kept, Span
from engine.readings.summaries import Sheet


class Figures:
    """All figures of a plan, out of what a pass keeps.

    between: by source and target, the wires from one to the other.
    """

    def __init__(self, plan: Plan, kept: Kept) -> None:
        whole, readers = plan.whole, _Readers(plan)
        ids = [node.id for node in whole.nodes]
        into: dict[str, list[Wire]] = {id: [] for id in ids}
        self.between: dict[tuple[str, str], list[str]] = defaultdict(list)
        for wire in whole.wires:
            into[wire.target].append(wire)
            self.between[wire.source, wire.target].append(wire.id)
        wires = [wire for found in into.values() for wire in found]
        self._nodes, self._wires = ids, [wire.id for wire in wires]
        self._asked = [id for id, found in into.items() if found]
        numbers = {id: place for place, id in enumerate(ids)}
        self._sources = [numbers[wire.source] for wire in wires]
        units = [plan.units[id] for id in ids]
        back = [1 / unit.scale for unit in units]
        estimates = dict(zip((one.node for one in plan.estimates), kept.estimates, strict=True))
        count = len(ids)
        firsts = accumulate((len(into[id]) for id in self._asked[:-1]), initial=2 * count) if wires else ()
        self._sheet = Sheet(
            [
                *([kept.results[plan.results[id]]] for id in ids),
                *([estimates.get(id) or kept.feedback[plan.results[id]]] for id in ids),
                *(_carried(kept, *readers.of(wire)) for wire in wires),
            ],
            [*range(2 * count), *firsts],
            scales=[*(unit.scale for unit in units), *back, *(back[place] for place in self._sources)],
            offsets=[*(unit.offset for unit in units), *[0.0] * (count + len(wires))],
        )

    def of(self, numbers: Vector) -> tuple[dict[str, Any], dict[str, Any]]:
        """By node, its result, the feedback on it, and the feedback on its task; by wire, what it carries.

        A wire carries the mean result, the mean feedback, and how large the feedback is whatever its sign.
        """
        self._sheet.fill(numbers)
        told, count = self._sheet.summaries(), len(self._nodes)
        nodes: dict[str, Any] = {}
        for id, result, re_result in zip(self._nodes, told, told[count : 2 * count], strict=False):
            nodes[id] = {"result": result, "re_result": re_result}
        for id, re_task in zip(self._asked, told[2 * count :], strict=True):
            nodes[id]["re_task"] = re_task
        if not self._wires:
            return nodes, {}
        means, sizes = plain(np.array(self._sheet.means(2 * count)))
        carried = zip(self._wires, self._sources, means, sizes, strict=True)
        return nodes, {
            id: {"result": told[source]["mean"], "feedback": feedback, "size": size}
            for id, source, feedback, size in carried
        }


def _carried(kept: Kept, steps: Sequence[tuple[int, int]], voices: Sequence[int]) -> list[Span]:
    """Where all feedback stands that comes back along a wire: of steps at their inputs, and of voices."""
    return [*(kept.inputs[step][place] for step, place in steps), *(kept.voices[voice] for voice in voices)]


class _Readers:
    """Who reads what a wire carries: steps at which of their inputs, and estimates, which hear it as a voice.

    Whoever hands on what it is given as it is (a team's Task and Result among them) reads it by those behind it.
    """

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._kinds = {node.id: node.kind for node in plan.whole.nodes}
        self._steps: dict[tuple[str, int], list[tuple[int, int]]] = {}
        for index, step in enumerate(plan.program.steps):
            for place, slot in enumerate(step.inputs):
                self._steps.setdefault((step.node, slot), []).append((index, place))
        self._voices = _voices(plan)
        self._leaving: dict[str, list[Wire]] = {id: [] for id in self._kinds}
        self._handed: dict[str, list[Wire]] = {id: [] for id in self._kinds}
        for wire in plan.whole.wires:
            self._leaving[wire.source].append(wire)
            if self._kinds[wire.source] == "team_task":
                self._handed[around(wire.source)].append(wire)

    def of(self, wire: Wire) -> tuple[list[tuple[int, int]], list[int]]:
        """(step, input) pairs, and voices."""
        steps: set[tuple[int, int]] = set()
        heard: set[int] = set()
        self._read(wire, self._plan.results[wire.source], steps, heard)
        return sorted(steps), sorted(heard)

    def _read(self, wire: Wire, slot: int, steps: set[tuple[int, int]], heard: set[int]) -> None:
        node = wire.target
        ends = self._kinds[node] in ("estimate", "team_result")
        if ends and not around(node):
            heard.add(self._voices[wire.id])
            return
        reader = around(node) if ends else node  # whose steps work on what a team or a model ends with
        steps.update(self._steps.get((node, slot), ()), self._steps.get((reader, slot), ()))
        passed_on = self._leaving[reader] if self._plan.results[reader] == slot else []
        for further in [*passed_on, *([] if ends else self._handed[node])]:
            if self._plan.results[further.source] == slot:
                self._read(further, slot, steps, heard)


def _voices(plan: Plan) -> dict[str, int]:
    """By wire into an estimate, the voice that is heard over it."""
    wires = [wire.id for estimate in plan.estimates for wire in plan.graph.wires if wire.target == estimate.node]
    return {id: place for place, id in enumerate(wires)}
