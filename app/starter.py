"""The graph that a person begins with, and what it is trained with: what the engine proposes for the table."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.tables_on_disk import open_table
from engine import fields
from engine import graph as graphs
from engine.errors import DataRefused
from engine.starter import propose
from engine.training.settings import Settings

ACROSS, DOWN = 260, 130
PEOPLE = ("Alex", "Bo", "Casey", "Dani")


@dataclass(frozen=True)
class Starter:
    """A graph as JSON, the column that it is to estimate, and those settings that are not as usual."""

    graph: dict[str, Any]
    target: str | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def settings_text(self) -> str:
        """The settings as they are kept."""
        return json.dumps(self.settings, ensure_ascii=False, allow_nan=False)


def starter_for(folder: Path, description: Mapping[str, Any], target: str | None = None) -> Starter:
    """What the engine proposes for a table as it lies in its folder, for the target that the intake supposes if none.

    Raises DataRefused where the target cannot be learnt, OSError or ValueError where a file is missing or is none of
    ours.
    """
    wanted = target or description.get("target")
    if wanted is None:
        raise DataRefused("Nobody said which column is to be estimated. Choose a target.")
    table = open_table(folder, description, texts={wanted})
    graph, settings = propose(table, wanted)
    usual = fields.defaults_of(Settings)
    chosen = {name: value for name, value in vars(settings).items() if value != usual[name]}
    return Starter(graph.to_json(), wanted, chosen)


def first_team(table: str | None) -> Starter:
    """Where there is nothing to propose for: a maximum of four linear workers; all is there to be changed."""
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
    return Starter({"format": graphs.FORMAT, "version": graphs.VERSION, "name": name, "nodes": nodes, "wires": wires})


def _node(id: str, kind: str, name: str, column: float, row: float) -> dict[str, Any]:
    return {"id": id, "kind": kind, "name": name, "settings": {}, "position": {"x": column * ACROSS, "y": row * DOWN}}
