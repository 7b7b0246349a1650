"""Tables: uploaded, described, read row by row, renamed and deleted."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, FastAPI, Header, Path, Query, Request, Response

from app import files, table_json
from app.body_limits import takes
from app.clock import now
from app.importing import FIELDS, Importer, Progress, TheImporter, read_wish, receive
from app.names import NameBody, apart, clean, name_of_file
from app.problems import HTTPProblem
from app.provided import EnoughSpace, Id, TheStore
from app.starter import starter_for
from app.store import Store, new_id, tables
from app.store.tables import InUse, Table, TableHead
from app.strict_json import StrictRoute
from app.table_rows import read_rows
from engine.errors import DataRefused

router = APIRouter(prefix="/api/tables", route_class=StrictRoute, tags=["tables"])
TOKEN = r"^[A-Za-z0-9_-]{8,64}$"
FORM: dict[str, Any] = {
    "type": "object",
    "required": ["file"],
    "properties": {
        "file": {"type": "string", "format": "binary", "description": "A CSV file."},
        "name": {
            "type": "string",
            "description": "What to call the table; left out, as the file is called, and no other table.",
        },
        **{
            name: {"type": "string", "description": f"{takes.capitalize()}; left out, it is found out."}
            for name, (_, takes) in FIELDS.items()
        },
    },
}


@asynccontextmanager
async def lifespan(application: FastAPI) -> AsyncIterator[None]:
    """Make what imports files, before the first of them comes."""
    application.state.importer = Importer(application.state.store, application.state.config.limits)
    application.state.importer.sweep()
    yield


@router.get("")
def list_tables(
    store: TheStore,
    limit: Annotated[int, Query(ge=1, le=1000)] = 1000,
    offset: Annotated[int, Query(ge=0, le=10**9)] = 0,
) -> dict[str, list[TableHead]]:
    """The tables with their size, the last uploaded first."""
    with store.database.read() as reader:
        return {"tables": tables.newest(reader, limit=limit, offset=offset)}


@router.post(
    "",
    status_code=201,
    dependencies=[EnoughSpace],
    openapi_extra={"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": FORM}}}},
)
@takes("upload_bytes")
async def upload_table(
    request: Request,
    importer: TheImporter,
    store: TheStore,
    token: Annotated[
        str | None,
        Header(alias="X-Upload", pattern=TOKEN, description="Any word of yours; ask for the progress by it."),
    ] = None,
) -> Response:
    """Upload a CSV file. It becomes a table whole, or is refused with the line, the reason and a cure."""
    with importer.board.watch(token) as progress:
        table = await _import(request, importer, store, progress)
    headers = {"Location": f"/api/tables/{table.id}"}
    return Response(orjson.dumps(table_json.told(table)), 201, headers, "application/json")


@router.get("/progress/{token}")
async def read_progress(token: Annotated[str, Path(pattern=TOKEN)], importer: TheImporter) -> Progress:
    """How far an upload is: its share of the way, from 0 to 1, and what is being done."""
    progress = importer.board.of(token)
    if progress is None:
        raise HTTPProblem(404, "upload-missing", "No upload with this token is known here.")
    return progress


@router.get("/{id}")
def read_table(id: Id, store: TheStore) -> Response:
    """What is known of a table and of each of its columns."""
    return _described(_table(store, id))


@router.get("/{id}/rows")
def read_table_rows(
    id: Id,
    store: TheStore,
    offset: Annotated[int, Query(ge=0, le=10**9)] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> Response:
    """Rows as lists of cells, null where a value is missing. A very wide table gives fewer rows than asked for."""
    table = _table(store, id)
    description = json.loads(table.description)
    try:
        rows = read_rows(store.table_folder(id), description, offset, limit)
    except FileNotFoundError:
        raise _missing() from None  # deleted meanwhile
    names = [column["name"] for column in description["columns"]]
    told = {"columns": names, "offset": offset, "total": description["rows"], "rows": rows}
    return Response(orjson.dumps(told), media_type="application/json")


@router.get("/{id}/starter")
def propose_starter(id: Id, store: TheStore, target: Annotated[str | None, Query(max_length=200)] = None) -> Response:
    """A graph for the table and settings to train it with, for this target or the one that the intake supposes."""
    table = _table(store, id)
    try:
        found = starter_for(store.table_folder(id), json.loads(table.description), target)
    except FileNotFoundError:
        raise _missing() from None  # deleted meanwhile
    except DataRefused as refusal:
        raise HTTPProblem(422, "target", str(refusal)) from refusal
    setup = {"table": id, "target": found.target, "settings": dict(found.settings)}
    return Response(orjson.dumps({"graph": found.graph, "setup": setup}), media_type="application/json")


@router.patch("/{id}", dependencies=[EnoughSpace])
def rename_table(id: Id, body: NameBody, store: TheStore) -> Response:
    """Give the table another name."""
    with store.database.write() as transaction:
        table = tables.rename(transaction, id, body.name)
    if table is None:
        raise _missing()
    return _described(table)


@router.delete("/{id}", status_code=204)
def delete_table(id: Id, store: TheStore) -> None:
    """Delete the table and its data. Finished runs still say what they learned from."""
    with store.database.write() as transaction:
        found = tables.delete(transaction, id, now())
    if found is None:
        raise _missing()
    if isinstance(found, InUse):
        raise HTTPProblem(409, "table-in-use", str(found), runs=list(found.runs))
    files.remove_folder(store.table_folder(id))


async def _import(request: Request, importer: Importer, store: Store, progress: Progress) -> Table:
    announced = int(request.headers.get("Content-Length", 0))
    async with importer.folder() as folder:
        upload = await receive(request, folder / "upload", received=lambda size: progress.receive(size, announced))
        fields = dict(upload.fields)
        name = clean(fields.pop("name", "")) or _after_the_file(upload.name, store)
        wish = read_wish(fields)
        return await importer.add(folder, upload.path, id=new_id(), name=name, wish=wish, progress=progress)


def _after_the_file(file: str, store: Store) -> str:
    with store.database.read() as reader:
        return apart(name_of_file(file) or "Untitled", tables.names(reader))


def _table(store: TheStore, id: str) -> Table:
    with store.database.read() as reader:
        table = tables.get(reader, id)
    if table is None:
        raise _missing()
    return table


def _described(table: Table) -> Response:
    return Response(orjson.dumps(table_json.told(table)), media_type="application/json")


def _missing() -> HTTPProblem:
    return HTTPProblem(404, "table-missing", "There is no table with this id. It may have been deleted.")
