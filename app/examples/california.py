"""The essay's four projects: what an average of two workers cannot learn, and a maximum of two can."""

from __future__ import annotations

from typing import Any

from app.examples import Example

CSV = """\
California,Renewables,Cost ($m)
0,0,1
1,0,5
0,1,8
1,1,10
"""
LEFT, WORKERS, COMBINED, RIGHT = 0, 260, 520, 780
ROW = 130


def _node(id: str, kind: str, name: str, x: float, row: float) -> dict[str, Any]:
    return {"id": id, "kind": kind, "name": name, "settings": {}, "position": {"x": x, "y": ROW * row}}


GRAPH: dict[str, Any] = {
    "format": "backchannel.graph",
    "version": 1,
    "name": "California, two teams",
    "nodes": [
        _node("in", "columns", "Project", LEFT, 1.5),
        _node("alex", "linear", "Alex", WORKERS, 0),
        _node("bo", "linear", "Bo", WORKERS, 1),
        _node("dani", "linear", "Dani", WORKERS, 2),
        _node("ely", "linear", "Ely", WORKERS, 3),
        _node("crowd", "average", "Crowd", COMBINED, 0.5),
        _node("loudest", "maximum", "Loudest", COMBINED, 2.5),
        _node("average_team", "estimate", "Average team", RIGHT, 0.5),
        _node("maximum_team", "estimate", "Maximum team", RIGHT, 2.5),
    ],
    "wires": [
        {"source": source, "target": target}
        for source, target in (
            ("in", "alex"),
            ("in", "bo"),
            ("in", "dani"),
            ("in", "ely"),
            ("alex", "crowd"),
            ("bo", "crowd"),
            ("dani", "loudest"),
            ("ely", "loudest"),
            ("crowd", "average_team"),
            ("loudest", "maximum_team"),
        )
    ],
}

example = Example(
    id="california",
    order=1,
    title="California, two teams",
    table="California projects",
    csv=CSV,
    graph=GRAPH,
    target="Cost ($m)",
    settings={"holdout": 0, "epochs": 600},
    pace={"seconds": 12},
    sentences=(
        "Two teams estimate what a project costs. Alex and Bo are averaged; of Dani and Ely only the higher estimate "
        "counts.",
        "Press Train and watch the wires: feedback flows back from each estimate. At Loudest only the winner of a row "
        "gets that row's feedback, so Dani and Ely each come to know their own projects.",
        "After a second the average team is stuck, half a million off on every row: an average cannot say that in "
        "California renewables add less to the cost. The maximum team can, and its loss falls to nothing.",
    ),
)
