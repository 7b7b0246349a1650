"""Team: workers folded into one; outside it is a worker like any other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine import fields
from engine import graph as graphs
from engine.joined import joined
from engine.kind import ONE_TASK, Inputs, Inside, Kind, Learning
from engine.program import Recorder


def smallest() -> dict[str, Any]:
    """A team of one, to begin with."""
    return {
        "format": graphs.FORMAT,
        "version": graphs.VERSION,
        "name": "Team",
        "nodes": [
            {"id": "task", "kind": "team_task", "name": "Task", "position": {"x": 0, "y": 0}},
            {"id": "worker", "kind": "linear", "name": "Worker", "position": {"x": 280, "y": 0}},
            {"id": "result", "kind": "team_result", "name": "Result", "position": {"x": 560, "y": 0}},
        ],
        "wires": [{"source": "task", "target": "worker"}, {"source": "worker", "target": "result"}],
    }


@dataclass(frozen=True)
class Settings(Learning):
    graph: Any = fields.document(smallest, title="Graph", help="Who works in the team, and how they are wired.")


def inside(settings: Mapping[str, Any]) -> Inside:
    graph = graphs.from_json(settings.get("graph") or smallest())
    results = [node.id for node in graph.nodes if node.kind == "team_result"]
    return Inside(graph, results[0] if len(results) == 1 else "")


def lower(settings: Settings, inputs: Inputs, record: Recorder) -> int:
    held = inside({"graph": settings.graph})
    task = joined(inputs["task"], record)
    with record.at(record.post.node, record.post.owner, given=task):
        return record.inside(held.graph, held.result)


kind = Kind(
    title="Team",
    family="team",
    help="Workers of their own, folded into one node: from outside it is a worker like any other.",
    feedback="It goes through the team as if its workers stood here themselves.",
    formula="team(x)",
    inputs=ONE_TASK,
    settings=Settings,
    lower=lower,
    inside=inside,
    basic=True,
)
