"""The team that a table begins with: what it is and how it is trained, from the table's schema alone.

Several teams estimate the target, each for itself, and are averaged. Each begins as the best line, to which pairs of
linear workers over bent columns are added, from nothing; where there are many rows, pairs over those pairs as well.
They take turns: every team is kept from another share of the rows, and is taken as it was when it did best on those.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from engine import graph as graphs
from engine.graph import Graph
from engine.table import CODED, Column, Table
from engine.target import fit_target
from engine.training.settings import BEST, Settings

TEAMS = ("Alex", "Bo", "Casey", "Dani", "Ely", "Fran", "Gus", "Hana")
KNOTS = 9
PAIRS = 32
MANY_ROWS = 600
LAYERS = ("Pairs", "Over pairs", "Over those")
"""What the pairs are called; the first alone where there are few rows."""
AVERAGING = 0.99
FEWEST_STEPS = 6_000
FEWEST_EPOCHS = 40
ACROSS, DOWN = 280, 120


def propose(table: Table, target: str) -> tuple[Graph, Settings]:
    """A graph and settings for this target. Raises DataRefused where there is no such column, or none to learn."""
    column = table.column(target)
    loss = "logistic" if _is_yes_or_no(column, table) else "auto"
    rows = np.flatnonzero(_known(column, table))
    width = fit_target(table, target, rows, loss=loss).width if len(rows) else 1
    layers = len(LAYERS) if len(rows) >= MANY_ROWS else 1
    drawn = graph(f"Team for {target}"[:200], width, layers)
    return graphs.from_json(drawn), settings(len(rows), loss)


def graph(name: str, width: int = 1, layers: int = 1) -> dict[str, Any]:
    """The graph as JSON. width: how many numbers an estimate has; layers: how many pairs stand one over another."""
    middle, inside = (len(TEAMS) - 1) / 2, [_team(one, width, layers) for one in TEAMS]
    teams = [_node(one["name"].lower(), "team", one["name"], 1, row, graph=one) for row, one in enumerate(inside)]
    nodes = [
        _node("in", "columns", "Columns", 0, middle),
        *teams,
        _node("out", "estimate", "Estimate", 2, middle, together="chances", within=True),
    ]
    wires = [_wire("in", team["id"]) for team in teams] + [_wire(team["id"], "out") for team in teams]
    return {"format": graphs.FORMAT, "version": graphs.VERSION, "name": name, "nodes": nodes, "wires": wires}


def settings(rows: int, loss: str = "auto") -> Settings:
    """How such a graph is trained on so many rows."""
    batch = min(256, max(16, 2 ** round(np.log2(max(rows, 1) / 40))))
    epochs = max(FEWEST_EPOCHS, -(-FEWEST_STEPS // -(-max(rows, 1) // batch)))
    return Settings(
        epochs=epochs,
        batch_size=batch,
        learning_rate=0.01,
        holdout=0.0,
        optimizer="adamw",
        weight_decay=0.1,
        averaging=AVERAGING,
        loss=loss,
        turns=True,
        keep=BEST,
        soft_share=0.0,
    )


def _team(name: str, width: int, layers: int) -> dict[str, Any]:
    """One team: the line, and beside it pairs of workers over bent columns or other pairs, weighed from nothing."""
    pairs, end = {one.lower().replace(" ", "_"): one for one in LAYERS[:layers]}, layers + 2
    nodes = [
        _node("task", "team_task", "Task", 0, 0.5),
        _node("line", "linear", "Line", end, 0, width=width, begins="at the best line"),
        _node("bend", "spline", "Bends", 1, 1, knots=KNOTS),
        *(
            _node(id, "maxout", told, place, place - 1, width=PAIRS, pieces=2)
            for place, (id, told) in enumerate(pairs.items(), start=2)
        ),
        _node("weigh", "linear", "Weighs", end, 1, width=width, begins="at nothing"),
        _node("sum", "addition", "Sum", end + 1, 0.5),
        _node("result", "team_result", "Result", end + 2, 0.5),
    ]
    ends = [("task", "line"), ("line", "sum"), ("weigh", "sum"), ("sum", "result")]
    wires = [*pairwise(("task", "bend", *pairs)), *((one, "weigh") for one in pairs), *ends]
    return {
        "format": graphs.FORMAT,
        "version": graphs.VERSION,
        "name": name,
        "nodes": nodes,
        "wires": [_wire(*wire) for wire in wires],
    }


def _known(column: Column, table: Table) -> Any:
    values = np.asarray(table.data[column.name])
    return values >= 0 if column.type in CODED else np.isfinite(values)


def _is_yes_or_no(column: Column, table: Table) -> bool:
    """Whether a column of numbers holds zeros and ones alone."""
    if column.type != "number":
        return False
    values = np.asarray(table.data[column.name])[_known(column, table)]
    return bool(np.isin(values, (0, 1)).all())


def _node(id: str, kind: str, name: str, column: float, row: float, **settings: Any) -> dict[str, Any]:
    position = {"x": column * ACROSS, "y": row * DOWN}
    return {"id": id, "kind": kind, "name": name, "settings": settings, "position": position}


def _wire(source: str, target: str) -> dict[str, str]:
    return {"source": source, "target": target}
