"""A graph as a small picture: a box for each node, a line for each wire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.kind import catalogue

WIDTH, HEIGHT, MARGIN = 280, 84, 6
NODE = (204, 104)
LARGEST = 0.22
MOST = 400


@dataclass(frozen=True)
class Box:
    """Left, top, width and height, in the picture's own measure."""

    x: float
    y: float
    width: float
    height: float
    family: str


@dataclass(frozen=True)
class Thumbnail:
    """lines: each from x, y to x, y."""

    boxes: Sequence[Box]
    lines: Sequence[tuple[float, float, float, float]]
    nodes: int


def thumbnail_of(graph: Mapping[str, Any]) -> Thumbnail:
    """The picture of a graph's JSON, fitted into 280 x 84; of a very large graph only its size."""
    nodes = graph.get("nodes", ())
    if not 0 < len(nodes) <= MOST:
        return Thumbnail((), (), len(nodes))
    places = [(node["position"]["x"], node["position"]["y"]) for node in nodes]
    (left, top), (right, bottom) = (tuple(end(axis) for axis in zip(*places, strict=True)) for end in (min, max))
    wide, high = right - left + NODE[0], bottom - top + NODE[1]
    scale = min((WIDTH - 2 * MARGIN) / wide, (HEIGHT - 2 * MARGIN) / high, LARGEST)
    shift_x, shift_y = (WIDTH - scale * wide) / 2 - scale * left, (HEIGHT - scale * high) / 2 - scale * top
    boxes = {
        node["id"]: Box(shift_x + scale * x, shift_y + scale * y, scale * NODE[0], scale * NODE[1], _family(node))
        for node, (x, y) in zip(nodes, places, strict=True)
    }
    ends = [(boxes.get(wire["source"]), boxes.get(wire["target"])) for wire in graph.get("wires", ())]
    lines = [_line(source, target) for source, target in ends if source and target]
    return Thumbnail(list(boxes.values()), lines, len(nodes))


def _line(source: Box, target: Box) -> tuple[float, float, float, float]:
    return source.x + source.width, source.y + source.height / 2, target.x, target.y + target.height / 2


def _family(node: Mapping[str, Any]) -> str:
    kind = catalogue().get(node["kind"])
    return kind.family if kind else "unknown"
