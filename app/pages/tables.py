"""Tables: upload one, look at what was found in it, delete it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from app import files
from app.clock import now
from app.pages import Entry
from app.problems import HTTPProblem
from app.provided import Id, TheStore
from app.store import Reader, tables
from app.store.tables import InUse, Table
from app.strict_json import StrictRoute
from app.table_rows import read_rows
from app.templating import render
from engine.table import Column, cell_to_json

router = APIRouter(route_class=StrictRoute, include_in_schema=False)
entry = Entry(20, "Tables", "/tables")
SHOWN = 20


@dataclass(frozen=True)
class TablesPage:
    tables: Sequence[tables.TableHead]


@dataclass(frozen=True)
class TablePage:
    id: str
    name: str
    described: Mapping[str, Any]
    targets: Sequence[str]
    rows: Sequence[Sequence[Any]]
    offset: int
    page_size: int


@router.get("/tables")
def list_tables(request: Request, store: TheStore) -> Response:
    with store.database.read() as reader:
        return render(request, "pages/tables.html", TablesPage(tables.newest(reader)))


@router.get("/tables/{id}")
def show_table(
    request: Request, id: Id, store: TheStore, offset: Annotated[int, Query(ge=0, le=10**9)] = 0
) -> Response:
    """What was found in the table, and some of its rows."""
    with store.database.read() as reader:
        table = _table(reader, id)
    described = json.loads(table.description)
    rows = read_rows(store.table_folder(id), described, offset, SHOWN)
    described["columns"] = [_with_dates(column) for column in described["columns"]]
    targets = [column["name"] for column in described["columns"] if column["type"] != "text"]
    page = TablePage(id, table.name, described, targets, rows, offset, SHOWN)
    return render(request, "pages/table.html", page, block="rows")


@router.post("/tables/{id}/delete")
def delete_table(id: Id, store: TheStore) -> Response:
    with store.database.write() as transaction:
        found = tables.delete(transaction, id, now())
    if isinstance(found, InUse):
        raise HTTPProblem(409, "table-in-use", str(found))
    files.remove_folder(store.table_folder(id))
    return RedirectResponse("/tables", 303)


def _table(reader: Reader, id: str) -> Table:
    table = tables.get(reader, id)
    if table is None or table.deleted:
        raise HTTPProblem(404, "table-missing", "There is no table with this id. It may have been deleted.")
    return table


def _with_dates(column: Mapping[str, Any]) -> dict[str, Any]:
    """A column with its first and last date in words, where it holds dates."""
    if column["type"] != "date" or column["minimum"] is None:
        return dict(column)
    first, last = (cell_to_json(Column(column["name"], "date"), column[end]) for end in ("minimum", "maximum"))
    return {**column, "first": first, "last": last}
