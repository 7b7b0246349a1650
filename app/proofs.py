"""A node of a graph, proven on a table that lies in the store; and whether the order of rows matters to it."""

from __future__ import annotations

import json
from typing import Annotated, Any

import orjson
from pydantic import BaseModel, ConfigDict, Field

from app import graph_json
from app.problems import HTTPProblem
from app.runs import learnt
from app.store import Reader, Store, graphs, is_id, tables
from app.tables_on_disk import open_table
from engine import OrderVerdict, Part, Verdict, gradcheck, order_matters, part_of
from engine.arrays import Rows
from engine.errors import DataRefused, GraphRefused
from engine.model_json import from_json
from engine.row_order import ROWS
from engine.targets import columns_asked


class ProofBody(BaseModel):
    """Which node to prove, of which graph, on which table."""

    model_config = ConfigDict(extra="forbid")
    graph: Annotated[Any, Field(description="The id of a graph, or graph JSON.")]
    table: str
    target: Annotated[str, Field(max_length=200)] | None = None
    node: Annotated[str, Field(max_length=2000, description='Its id; of one inside a team "team/dani".')]
    after: Annotated[
        str | None,
        Field(description="The id of a model, or of a run: what is the same there has its numbers."),
    ] = None


def proven(body: ProofBody, store: Store) -> Verdict:
    """Whether the node's feedback is right. Raises HTTPProblem 404 or 422."""
    return gradcheck(*_part(body, store))


def row_order(body: ProofBody, store: Store) -> OrderVerdict:
    """Whether the order of rows matters to the node. Raises HTTPProblem 404 or 422."""
    return order_matters(*_part(body, store, rows=ROWS))


def _part(body: ProofBody, store: Store, **more: int) -> tuple[Part, Rows]:
    with store.database.read() as reader:
        document = learnt.document(body.after, reader, store)
        graph = graph_json.read_graph(_graph(body.graph, reader))
        description = _description(body.table, reader)
    try:
        table = open_table(store.table_folder(body.table), description, texts=set(columns_asked(graph)))
        after = None if document is None else from_json(orjson.loads(document))
        return part_of(graph, table, body.node, body.target, after=after, **more)
    except GraphRefused as error:
        raise graph_json.refused(error.problems) from error
    except DataRefused as error:
        raise HTTPProblem(422, "data", str(error)) from error


def _graph(asked: Any, reader: Reader) -> Any:
    """Graph JSON, as it was sent or as it is kept."""
    if not isinstance(asked, str):
        return asked
    stored = graphs.get(reader, asked) if is_id(asked) else None
    if stored is None:
        raise HTTPProblem(404, "graph-missing", "There is no graph with this id. It may have been deleted.")
    return json.loads(stored.json)


def _description(id: str, reader: Reader) -> dict[str, Any]:
    table = tables.get(reader, id) if is_id(id) else None
    if table is None or table.deleted:
        raise HTTPProblem(404, "table-missing", "There is no table with this id. Choose another.")
    description: dict[str, Any] = json.loads(table.description)
    return description
