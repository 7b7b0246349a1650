"""Certain years: what a project costs depends on place, source and year together, and nobody says how."""

from __future__ import annotations

import csv
import io
import random
from typing import Any

from app.examples import Example

ROWS = 800
STATES = ("California", "Nevada", "Oregon", "Texas")
SOURCES = ("gas", "hydro", "solar", "wind")
FIRST_YEAR, LAST_YEAR = 2001, 2024
PEAK_YEAR, PEAK, FADE = 2012, 8.0, 1.6
LEFT, WORKERS, COMBINED, JOINED, RIGHT = 0, 260, 520, 780, 1040
ROW = 130


def rows() -> list[list[Any]]:
    """Made-up projects, always the same: a subsidy for renewables in California grows until 2012 and fades again."""
    drawn = random.Random(101)
    table = []
    for _ in range(ROWS):
        state, source = drawn.choice(STATES), drawn.choice(SOURCES)
        year, capacity = drawn.randint(FIRST_YEAR, LAST_YEAR), round(drawn.uniform(2, 60), 1)
        cost = 5 + 0.06 * capacity + (4 if state == "California" else 0) - 0.15 * (year - FIRST_YEAR)
        if source != "gas":
            subsidised = state == "California"
            cost += 6 - (max(0.0, PEAK - FADE * abs(year - PEAK_YEAR)) if subsidised else 0)
        known = "" if drawn.random() < 0.04 else capacity
        table.append([state, source, year, known, round(cost + drawn.gauss(0, 0.5), 2)])
    return table


def csv_text() -> str:
    """The projects as a CSV file."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["State", "Source", "Year", "Capacity (MW)", "Cost ($m)"])
    writer.writerows(rows())
    return text.getvalue()


def _node(id: str, kind: str, name: str, x: float, row: float) -> dict[str, Any]:
    return {"id": id, "kind": kind, "name": name, "settings": {}, "position": {"x": x, "y": ROW * row}}


HIGH = ("Alex", "Bo", "Casey", "Dani")
LOW = ("Ely", "Fay", "Gus", "Hana")
WIRES = [
    *(("in", name.lower()) for name in (*HIGH, *LOW, "Jo", "Kim")),
    *((name.lower(), "loudest") for name in HIGH),
    *((name.lower(), "quiet") for name in LOW),
    ("kim", "alone"),
]

GRAPH: dict[str, Any] = {
    "format": "backchannel.graph",
    "version": 1,
    "name": "Certain years",
    "nodes": [
        _node("in", "columns", "Project", LEFT, 4.5),
        *(_node(name.lower(), "linear", name, WORKERS, place) for place, name in enumerate(HIGH)),
        _node("jo", "linear", "Jo", WORKERS, 4),
        *(_node(name.lower(), "linear", name, WORKERS, place + 5) for place, name in enumerate(LOW)),
        _node("kim", "linear", "Kim", WORKERS, 9.5),
        _node("loudest", "maximum", "Loudest", COMBINED, 1.5),
        _node("quiet", "maximum", "Loudest doubt", COMBINED, 6.5),
        _node("team", "difference", "Team", JOINED, 4),
        _node("together", "estimate", "The team", RIGHT, 4),
        _node("alone", "estimate", "Kim alone", RIGHT, 9.5),
    ],
    "wires": [
        *({"source": source, "target": target} for source, target in WIRES),
        {"source": "loudest", "target": "team"},
        {"source": "jo", "target": "team"},
        {"source": "quiet", "target": "team", "target_port": "less"},
        {"source": "team", "target": "together"},
    ],
}

example = Example(
    id="subsidies",
    order=2,
    title="Certain years",
    table="Projects of two decades",
    csv=csv_text,
    graph=GRAPH,
    target="Cost ($m)",
    settings={"epochs": 200},
    pace={"seconds": 12},
    sentences=(
        "Eight hundred made-up projects: renewables cost more and so does California, but around 2012 a subsidy made "
        "renewables in California cheap; nobody tells the workers.",
        "Kim works alone and can only add things up; the team adds Jo and the loudest of four, and takes away the "
        "loudest doubt of four others.",
        "Watch the loss on the rows held out: Kim's stays high, because what a year means depends on place and source; "
        "the team's falls towards 0.25, which is noise that nobody can know.",
    ),
)
