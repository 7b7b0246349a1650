"""Graph JSON as it comes in from outside: the one place where the app lets a graph in."""

from __future__ import annotations

from typing import Any

from app.problems import HTTPProblem

FORMAT = "backchannel.graph"
LONGEST_NAME = 200
UNNAMED = "Untitled"


def read(value: object) -> dict[str, Any]:
    """The graph that `value` is. Raises HTTPProblem 422 with `problems`, each a code and a message."""
    if not isinstance(value, dict):
        raise _refused("graph-object", "A graph is a JSON object; this is something else.")
    if value.get("format") != FORMAT:
        raise _refused("graph-format", f'This is not a graph: its "format" must be "{FORMAT}".')
    name = value.get("name", UNNAMED)
    if not isinstance(name, str) or len(name) > LONGEST_NAME:
        raise _refused("graph-name", f"The graph's name must be text of at most {LONGEST_NAME} characters.")
    return value


def name_of(graph: dict[str, Any]) -> str:
    """What lists call it."""
    return str(graph.get("name", "")).strip() or UNNAMED


def _refused(code: str, message: str) -> HTTPProblem:
    return HTTPProblem(422, "graph", message, problems=[{"code": code, "message": message}])
