"""In which order a graph's nodes can work, and what goes round in circles."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from engine.graph import Graph

Neighbours: TypeAlias = Mapping[str, Sequence[str]]


def sources_of(graph: Graph) -> dict[str, list[str]]:
    """By node, the nodes whose wires come in."""
    found: dict[str, list[str]] = {node.id: [] for node in graph.nodes}
    for wire in graph.wires:
        if wire.source in found and wire.target in found:
            found[wire.target].append(wire.source)
    return found


def targets_of(graph: Graph) -> dict[str, list[str]]:
    """By node, the nodes that its wires go to."""
    found: dict[str, list[str]] = {node.id: [] for node in graph.nodes}
    for wire in graph.wires:
        if wire.source in found and wire.target in found:
            found[wire.source].append(wire.target)
    return found


def working_order(graph: Graph) -> list[str]:
    """Every node that no circle holds up, each after those that feed it; otherwise in the graph's own order."""
    waiting = {node: len(sources) for node, sources in sources_of(graph).items()}
    targets = targets_of(graph)
    ready = deque(node for node, count in waiting.items() if count == 0)
    order = []
    while ready:
        node = ready.popleft()
        order.append(node)
        for target in targets[node]:
            waiting[target] -= 1
            if waiting[target] == 0:
                ready.append(target)
    return order


def circle(graph: Graph) -> list[str]:
    """The nodes of one circle, each feeding the next and the last the first, as the graph lists them; or none."""
    stuck = {node.id for node in graph.nodes} - set(working_order(graph))
    if not stuck:
        return []
    sources = sources_of(graph)
    walked: dict[str, int] = {}
    node = next(entry.id for entry in graph.nodes if entry.id in stuck)
    while node not in walked:
        walked[node] = len(walked)
        node = next(source for source in sources[node] if source in stuck)
    path = list(walked)[walked[node] :][::-1]
    first = path.index(next(entry.id for entry in graph.nodes if entry.id in path))
    return path[first:] + path[:first]


def reached(start: Iterable[str], neighbours: Neighbours) -> set[str]:
    """Every node that can be come to from the start, itself included."""
    found, todo = set(), list(start)
    while todo:
        node = todo.pop()
        if node not in found:
            found.add(node)
            todo.extend(neighbours[node])
    return found
