"""Graph JSON as it comes in from outside: the one place where the app lets a graph in."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from app.problems import HTTPProblem
from engine import graph as graphs
from engine.errors import GraphRefused
from engine.graph import Graph
from engine.problem import Problem

UNNAMED = "Untitled"
SHOWN_PROBLEMS = 1_000


def read(value: object) -> dict[str, Any]:
    """The graph JSON that `value` is, in the form in which it is kept: every field there, in its order."""
    return read_graph(value).to_json()


def read_graph(value: object) -> Graph:
    """The graph that `value` is. Raises HTTPProblem 422 with `problems`, all that cannot be read."""
    try:
        return graphs.from_json(value)
    except GraphRefused as error:
        raise refused(error.problems) from error


def text_of(graph: dict[str, Any]) -> str:
    """The text that is kept."""
    return json.dumps(graph, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def refused(problems: Sequence[Problem]) -> HTTPProblem:
    """What to answer where a graph cannot be read, or cannot be worked with."""
    first = f"{problems[0].message} {problems[0].hint}"
    more = f" And {len(problems) - 1} more." if len(problems) > 1 else ""
    return HTTPProblem(422, "graph", first + more, problems=told(problems))


def told(problems: Sequence[Problem]) -> list[dict[str, str | None]]:
    """Problems as JSON; the first thousand, which is more than anyone mends at once."""
    return [problem.to_json() for problem in problems[:SHOWN_PROBLEMS]]


def name_of(graph: dict[str, Any]) -> str:
    """What lists call it."""
    return str(graph.get("name", "")).strip() or UNNAMED
