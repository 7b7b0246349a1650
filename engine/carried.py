"""What a changed graph takes over from a model: the numbers of the workers that the change left alone.

A worker is untouched when it is of the same kind and settings (its learning speed aside) and its wires come from the
same nodes as before. It keeps its parameters, and the columns and targets their scales, so that the numbers go on
meaning what they meant.
"""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import replace

from engine.graph import Graph, Node
from engine.inside import around, readable, unfolded
from engine.preparation import Preparation
from engine.primitive import Shape
from engine.program import Known, Program
from engine.target import Target

ASIDE = "speed"


def untouched(before: Graph, after: Graph) -> set[str]:
    """The ids of nodes, those inside others among them, that work on the same in both graphs."""
    then, now = _Seen(before), _Seen(after)
    return {id for id in now.nodes if id in then.nodes and now.signature(id) == then.signature(id)}


def numbers(learnt: Known, kept: set[str], program: Program) -> Known:
    """By owner and name, what these workers have learnt, of those whose parameters all fit a program."""
    wanted = _shapes(program)
    given = {node: {name: view.shape for name, view in named.items()} for node, named in learnt.items()}
    return {node: named for node, named in learnt.items() if node in kept and given[node] == wanted.get(node)}


def columns(before: Preparation, fresh: Preparation) -> Preparation:
    """The columns scaled as before, where they hold the same."""
    known = {column.name: column for column in before.columns}
    told = []
    for column in fresh.columns:
        old = known.get(column.name)
        same = old and (old.type, old.categories, old.flagged) == (column.type, column.categories, column.flagged)
        told.append(old if old and same else column)
    return replace(fresh, columns=tuple(told))


def targets(before: Iterable[Target], fresh: Mapping[str, Target]) -> dict[str, Target]:
    """The targets scaled as before, where they are judged the same way."""
    known = {target.column: target for target in before}
    told = dict(fresh)
    for name, target in fresh.items():
        old = known.get(name)
        if old and (old.loss, old.classes) == (target.loss, target.classes):
            low, high = _range(old, target)
            told[name] = replace(target, center=old.center, scale=old.scale, low=low, high=high)
    return told


def _range(*targets: Target) -> tuple[float | None, float | None]:
    """What all of them have learnt from, as far as it is known."""
    lows = [target.low for target in targets if target.low is not None]
    highs = [target.high for target in targets if target.high is not None]
    return min(lows, default=None), max(highs, default=None)


def _shapes(program: Program) -> dict[str, dict[str, Shape]]:
    found: dict[str, dict[str, Shape]] = {}
    for parameter in program.parameters:
        found.setdefault(parameter.node, {})[parameter.name] = tuple(parameter.shape)
    return found


class _Seen:
    """A graph with all nodes inside of others, and what each of them works on."""

    def __init__(self, graph: Graph) -> None:
        whole = unfolded(graph)
        self.nodes = {node.id: node for node in whole.nodes}
        self._incoming: dict[str, list[tuple[str, str | None]]] = {id: [] for id in self.nodes}
        for wire in whole.wires:
            self._incoming[wire.target].append((wire.source, wire.target_port))

    def signature(self, id: str) -> Hashable:
        """Equal for two nodes that do the same work on the same."""
        node = self.nodes[id]
        wires = self._incoming[id] + (self._incoming[around(id)] if node.kind == "team_task" else [])
        return node.kind, _settings(node), self._home(id), tuple(self._source(*wire) for wire in wires)

    def _source(self, id: str, port: str | None) -> Hashable:
        """Where a wire comes from: Columns and a team's Task go by what they hand on, all others by their id."""
        node = self.nodes[id]
        if node.kind == "columns":
            return _settings(node), port
        return self.signature(id) if node.kind == "team_task" else id, port

    def _home(self, id: str) -> Hashable:
        """The models around a node, which bring numbers of their own."""
        homes = []
        while id := around(id):
            held = readable(self.nodes[id])
            if held and held.alone:
                homes.append(_settings(self.nodes[id]))
        return tuple(homes)


def _settings(node: Node) -> str:
    told = {name: value for name, value in node.settings.items() if name != ASIDE}
    return json.dumps(told, sort_keys=True, default=list)
