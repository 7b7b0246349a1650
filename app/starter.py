"""The graph that a person begins with."""

from __future__ import annotations

from typing import Any

ACROSS, DOWN = 260, 130
PEOPLE = ("Alex", "Bo", "Casey", "Dani")


def starter_graph(table: str | None) -> dict[str, Any]:
    """A maximum of four linear workers beside their average, named after the table; all is there to be changed."""
    nodes = [
        _node("in", "columns", "Columns", 0, 1.5),
        *(_node(name.lower(), "linear", name, 1, place) for place, name in enumerate(PEOPLE)),
        _node("loudest", "maximum", "Loudest", 2, 1.5),
        _node("out", "estimate", "Estimate", 3, 1.5),
    ]
    wires = [
        *({"source": "in", "target": name.lower()} for name in PEOPLE),
        *({"source": name.lower(), "target": "loudest"} for name in PEOPLE),
        {"source": "loudest", "target": "out"},
    ]
    name = f"Team for {table}"[:200] if table else "A new team"
    return {"format": "backchannel.graph", "version": 1, "name": name, "nodes": nodes, "wires": wires}


def _node(id: str, kind: str, name: str, column: float, row: float) -> dict[str, Any]:
    return {"id": id, "kind": kind, "name": name, "settings": {}, "position": {"x": column * ACROSS, "y": row * DOWN}}
