"""What stands in the way of training a graph, asked of the engine for a table that lies in the store."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app import graph_json
from app.problems import HTTPProblem
from app.store import Reader, is_id, tables
from app.tables_on_disk import schema
from engine.check import problems
from engine.graph import Graph
from engine.problem import Problem


class CheckBody(BaseModel):
    """A graph, and what it is to be trained on as far as that is known.

    target: what is left out is guessed, as the table's description does; null says that none is chosen.
    """

    model_config = ConfigDict(extra="forbid")
    graph: dict[str, Any]
    table: str | None = None
    target: Annotated[str, Field(max_length=200)] | None = None


def asked(body: object) -> CheckBody:
    """What is to be checked: the body names it, or is the graph itself."""
    if isinstance(body, dict) and "format" in body:
        return CheckBody(graph=body)
    try:
        return CheckBody.model_validate(body)
    except ValidationError as error:
        raise RequestValidationError([{**each, "loc": ("body", *each["loc"])} for each in error.errors()]) from error


def found(body: CheckBody, reader: Reader) -> list[Problem]:
    """Every problem of a graph that can be read. Raises HTTPProblem 422 for one that cannot, or a missing table."""
    graph: Graph = graph_json.read_graph(body.graph)
    if body.table is None:
        return problems(graph, None, body.target)
    description = _description(body.table, reader)
    target = body.target if "target" in body.model_fields_set else description["target"]
    return problems(graph, schema(description), target)


def _description(id: str, reader: Reader) -> Mapping[str, Any]:
    table = tables.get(reader, id) if is_id(id) else None
    if table is None:
        raise HTTPProblem(422, "table-missing", "There is no table with this id. Choose another.")
    description: dict[str, Any] = json.loads(table.description)
    return description
