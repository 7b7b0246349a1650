"""The graph that a person draws: nodes and wires, as values and as JSON."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, TypeGuard

from engine.errors import GraphRefused
from engine.problem import Problem

FORMAT = "backchannel.graph"
VERSION = 1
RESULT = "result"
TASK = "task"
MOST_NODES = 10_000
MOST_WIRES = 50_000
LONGEST_NAME = 200


@dataclass(frozen=True)
class Node:
    """One worker, combinator, source or estimate on the canvas."""

    id: str
    kind: str
    name: str
    settings: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    position: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True)
class Wire:
    """Carries one node's result to another, and the feedback back. A port left out is None: the node's usual one."""

    source: str
    target: str
    source_port: str | None = None
    target_port: str | None = None

    @property
    def id(self) -> str:
        """How problems and readings speak of the wire."""
        port = f":{self.target_port}" if self.target_port else ""
        return f"{self.source}->{self.target}{port}"


@dataclass(frozen=True)
class Graph:
    """Nodes and wires; may be unfinished, as `engine.check` says."""

    name: str
    nodes: tuple[Node, ...]
    wires: tuple[Wire, ...]

    def node(self, id: str) -> Node:
        """The node of this id. Raises KeyError."""
        for node in self.nodes:
            if node.id == id:
                return node
        raise KeyError(id)

    def to_json(self) -> dict[str, Any]:
        """The graph as it is stored and sent."""
        return {
            "format": FORMAT,
            "version": VERSION,
            "name": self.name,
            "nodes": [_node_to_json(node) for node in self.nodes],
            "wires": [_wire_to_json(wire) for wire in self.wires],
        }


def from_json(value: Any) -> Graph:
    """Reads graph JSON. Raises GraphRefused with everything that is not as it must be."""
    return _Reader().graph(value)


def _node_to_json(node: Node) -> dict[str, Any]:
    x, y = node.position
    return {
        "id": node.id,
        "kind": node.kind,
        "name": node.name,
        "settings": {name: list(value) if isinstance(value, tuple) else value for name, value in node.settings.items()},
        "position": {"x": x, "y": y},
    }


def _wire_to_json(wire: Wire) -> dict[str, str]:
    ports = {"source_port": wire.source_port, "target_port": wire.target_port}
    return {"source": wire.source, "target": wire.target} | {name: port for name, port in ports.items() if port}


class _Reader:
    """Collects every problem of the document before it refuses it."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def graph(self, value: Any) -> Graph:
        self._expect(value, dict, "The graph", "a JSON object")
        self._header(value)
        self._known(value, {"format", "version", "name", "nodes", "wires"}, "The graph")
        name = self._text(value.get("name", "Untitled"), "The name of the graph")
        nodes = self._list(value, "nodes", MOST_NODES)
        wires = self._list(value, "wires", MOST_WIRES)
        read = Graph(
            name,
            tuple(self._node(entry, f"Node {place}") for place, entry in enumerate(nodes, 1)),
            tuple(self._wire(entry, f"Wire {place}") for place, entry in enumerate(wires, 1)),
        )
        if self.problems:
            raise GraphRefused(self.problems)
        return read

    def _header(self, value: Mapping[str, Any]) -> None:
        if value.get("format") != FORMAT:
            self._stop(f'The document does not say "format": "{FORMAT}".', "Choose a graph that Backchannel saved.")
        if value.get("version") != VERSION:
            self._stop(
                f"The graph is not of version {VERSION}, which is the one this program reads.",
                "Update Backchannel.",
            )

    def _node(self, value: Any, where: str) -> Node:
        if not isinstance(value, dict):
            self._add(f"{where} is not a JSON object.", "Give it an id and a kind.")
            return Node("", "", "")
        self._known(value, {"id", "kind", "name", "settings", "position"}, where)
        id = self._id(value.get("id"), where)
        kind = self._text(value.get("kind", ""), f"The kind of {where}", node=id)
        settings = value.get("settings", {})
        if not isinstance(settings, dict):
            self._add(
                f"The settings of {where} are not a JSON object.",
                "Leave them out to use the defaults.",
                node=id,
            )
            settings = {}
        name = self._text(value.get("name", id), f"The name of {where}", node=id)
        return Node(id, kind, name, MappingProxyType(dict(settings)), self._position(value.get("position"), where, id))

    def _wire(self, value: Any, where: str) -> Wire:
        if not isinstance(value, dict):
            self._add(f"{where} is not a JSON object.", "Give it a source and a target.")
            return Wire("", "")
        self._known(value, {"source", "target", "source_port", "target_port"}, where)
        source, target = self._id(value.get("source"), where), self._id(value.get("target"), where)
        ports = [value.get("source_port"), value.get("target_port")]
        for port in ports:
            if port is not None:
                self._text(port, f"A port of {where}")
        return Wire(source, target, *ports)

    def _id(self, value: Any, where: str) -> str:
        if isinstance(value, str) and 0 < len(value) <= 64 and value.isprintable() and not set("/\\\"'<>") & set(value):
            return value
        self._add(
            f"{where} needs an id of 1 to 64 ordinary characters.",
            "Letters, digits, dots, dashes and underscores are safe.",
        )
        return ""

    def _position(self, value: Any, where: str, node: str) -> tuple[float, float]:
        if value is None:
            return (0.0, 0.0)
        x, y = (value.get("x"), value.get("y")) if isinstance(value, dict) and len(value) == 2 else (None, None)
        if _is_number(x) and _is_number(y):
            return (float(x), float(y))
        self._add(
            f'The position of {where} is not {{"x": number, "y": number}}.',
            "Leave it out to start at 0, 0.",
            node=node,
        )
        return (0.0, 0.0)

    def _text(self, value: Any, what: str, node: str | None = None) -> str:
        if isinstance(value, str) and len(value) <= LONGEST_NAME:
            return value
        self._add(f"{what} is not a text of at most {LONGEST_NAME} characters.", "Shorten it.", node=node)
        return ""

    def _list(self, value: Mapping[str, Any], name: str, most: int) -> Sequence[Any]:
        found = value.get(name, [])
        self._expect(found, list, f'"{name}"', "a list")
        if len(found) > most:
            self._stop(
                f"The graph has {len(found):,} {name}; at most {most:,} are allowed.",
                "Split it into several graphs.",
            )
        return list(found)

    def _known(self, value: Mapping[str, Any], known: set[str], where: str) -> None:
        for name in value.keys() - known:
            self._add(f"{where} has an unknown field '{str(name)[:60]}'.", f"Known are: {', '.join(sorted(known))}.")

    def _expect(self, value: Any, type: type, what: str, wanted: str) -> None:
        if not isinstance(value, type):
            self._stop(f"{what} is not {wanted}.", "Compare it with a graph that Backchannel saved.")

    def _add(self, message: str, hint: str, node: str | None = None) -> None:
        self.problems.append(Problem("unreadable", message, hint, node=node or None))

    def _stop(self, message: str, hint: str) -> None:
        self._add(message, hint)
        raise GraphRefused(self.problems)


def _is_number(value: Any) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
