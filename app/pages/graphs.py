"""All graphs: open one, begin one, copy one, delete one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app import graph_json
from app.clock import now
from app.examples import example_of
from app.importing import TheImporter
from app.names import apart
from app.pages import Entry
from app.pages._forms import Sent, text
from app.pages._thumbnail import Thumbnail, thumbnail_of
from app.problems import HTTPProblem
from app.provided import EnoughSpace, Id, TheStore
from app.seeding import put_in_place
from app.starter import Starter, first_team, starter_for
from app.store import Reader, Store, Transaction, graphs, is_id, new_id, tables
from app.store.graphs import GraphHead, Setup
from app.strict_json import StrictRoute
from app.templating import render
from engine.errors import DataRefused

router = APIRouter(route_class=StrictRoute, include_in_schema=False)
entry = Entry(10, "Graphs", "/graphs")
PACE = {"seconds": 4}  # what a person begins with: quick, and yet to be watched


@dataclass(frozen=True)
class GraphLine:
    """One graph of the list; `trained_on` is the name of the table that it was last set up with."""

    id: str
    name: str
    updated: str
    trained_on: str
    thumbnail: Thumbnail


@dataclass(frozen=True)
class GraphsPage:
    graphs: Sequence[GraphLine]
    tables: Sequence[tables.TableHead]


@router.get("/graphs")
def list_graphs(request: Request, store: TheStore) -> Response:
    with store.database.read() as reader:
        lines = [_line(reader, head) for head in graphs.newest(reader)]
        return render(request, "pages/graphs.html", GraphsPage(lines, tables.newest(reader)))


@router.post("/graphs", dependencies=[EnoughSpace])
def begin_graph(store: TheStore, sent: Sent) -> Response:
    """A new graph: the starter team for the table that was chosen, or a first team without one.

    target: the column that it is to estimate; the one that the intake supposes if none is given.
    """
    chosen = text(sent, "table")
    with store.database.read() as reader:
        table = tables.get(reader, chosen) if is_id(chosen) else None
    made, id = _starter(table, text(sent, "target"), store), new_id()
    setup = Setup(table.id if table else None, made.target, made.settings_text, json.dumps(PACE))
    with store.database.write() as transaction:
        _add(transaction, id, made.graph, setup)
    return RedirectResponse(f"/graphs/{id}", 303)


def _starter(table: tables.Table | None, target: str, store: Store) -> Starter:
    if table is None or table.deleted:
        return first_team(None)
    try:
        return starter_for(store.table_folder(table.id), json.loads(table.description), target)
    except (DataRefused, OSError, ValueError):
        return first_team(table.name)


@router.post("/graphs/{id}/copy", dependencies=[EnoughSpace])
def copy_graph(id: Id, store: TheStore) -> Response:
    with store.database.write() as transaction:
        graph, setup = graphs.get(transaction, id), graphs.setup_of(transaction, id)
        if graph is None or setup is None:
            raise _missing()
        made = json.loads(graph.json) | {"name": f"{graph.name[:190]} copy"}
        copy = new_id()
        _add(transaction, copy, made, setup)
    return RedirectResponse(f"/graphs/{copy}", 303)


@router.post("/graphs/{id}/delete")
def delete_graph(id: Id, store: TheStore) -> Response:
    with store.database.write() as transaction:
        graphs.delete(transaction, id, expected=None)
    return RedirectResponse("/graphs", 303)


@router.post("/graphs/{id}/restore", dependencies=[EnoughSpace])
async def restore_example(id: Id, store: TheStore, importer: TheImporter) -> Response:
    """Puts an example back as it came."""
    example = example_of(id)
    if example is None:
        raise HTTPProblem(404, "example-missing", "This graph is no example, so there is nothing to put back.")
    await put_in_place(example, store, importer)
    return RedirectResponse(f"/graphs/{id}", 303)


def _add(transaction: Transaction, id: str, graph: dict[str, Any], setup: Setup) -> None:
    """Under a name that no other graph has."""
    name = apart(graph_json.name_of(graph), graphs.names(transaction))
    graphs.add(transaction, id, name, graph_json.text_of({**graph, "name": name}), now())
    graphs.choose_setup(transaction, id, setup)


def _line(reader: Reader, head: GraphHead) -> GraphLine:
    setup = graphs.setup_of(reader, head.id)
    table = tables.get(reader, setup.table_id) if setup and setup.table_id else None
    graph = graphs.get(reader, head.id)
    picture = thumbnail_of(json.loads(graph.json) if graph else {})
    return GraphLine(head.id, head.name, head.updated, table.name if table else "", picture)


def _missing() -> HTTPProblem:
    return HTTPProblem(404, "graph-missing", "There is no graph with this id. It may have been deleted.")
