"""Models: brought in, listed, asked for estimates and reasons, and carried off."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Body, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from app import model_documents
from app.body_limits import takes
from app.clock import now
from app.exports import formats, no_such
from app.loaded_models import find_model
from app.names import Name, NameBody, attachment, clean
from app.problems import HTTPProblem
from app.provided import EnoughSpace, Id, TheStore
from app.store import Store, models, new_id
from app.store.models import Model as Stored
from app.store.models import ModelHead
from app.strict_json import StrictRoute
from engine.errors import DataRefused, ModelRefused
from engine.formula import formulas
from engine.model import Model
from engine.table import from_rows

router = APIRouter(prefix="/api/models", route_class=StrictRoute, tags=["models"])
MOST_ROWS = 10_000
ModelBody = Annotated[Any, Body(description='Model JSON: {"format": "backchannel.model", "version": 1, ...}')]
Row = dict[str, Any]


class PredictBody(BaseModel):
    """Rows by column name. What a row leaves out counts as missing."""

    model_config = ConfigDict(extra="forbid")
    rows: Annotated[list[Row], Field(max_length=MOST_ROWS)]


class ExplainBody(BaseModel):
    """One row, and the estimate node that is meant; left out, the first."""

    model_config = ConfigDict(extra="forbid")
    row: Row
    estimate: Annotated[str, Field(max_length=64)] | None = None


@router.get("")
def list_models(
    store: TheStore,
    limit: Annotated[int, Query(ge=1, le=1000)] = 1000,
    offset: Annotated[int, Query(ge=0, le=10**9)] = 0,
) -> dict[str, list[dict[str, str | None]]]:
    """The models, the last one made or brought in first. `run`: the run here that made it."""
    with store.database.read() as reader:
        return {"models": [_head(head) for head in models.newest(reader, limit=limit, offset=offset)]}


@router.post("", status_code=201, dependencies=[EnoughSpace])
@takes("model_bytes")
def import_model(
    body: ModelBody, store: TheStore, response: Response, name: Annotated[Name | None, Query()] = None
) -> dict[str, Any]:
    """Bring a model in. `checks`: how many of its own check rows come to the estimates that it says."""
    try:
        model, text = model_documents.read(body)
    except ModelRefused as error:
        raise HTTPProblem(422, "model-refused", str(error)) from error
    called = name or clean(model.plan.graph.name) or "Untitled"
    stored = Stored(new_id(), called, now(), None, text)
    with store.database.write() as transaction:
        models.add(transaction, stored)
    response.headers["Location"] = f"/api/models/{stored.id}"
    return {"id": stored.id, "name": called, "created": stored.created, "checks": model_documents.checks(model)}


@router.get("/{id}")
def read_model(id: Id, store: TheStore) -> Response:
    """The model JSON, the same bytes each time."""
    with store.database.read() as reader:
        stored = models.get(reader, id)
    if stored is None:
        raise _missing()
    return Response(stored.json, media_type="application/json")


@router.patch("/{id}", dependencies=[EnoughSpace])
def rename_model(id: Id, body: NameBody, store: TheStore) -> dict[str, str | None]:
    """Give the model another name. The model JSON stays as it is."""
    with store.database.write() as transaction:
        head = models.rename(transaction, id, body.name)
    if head is None:
        raise _missing()
    return _head(head)


@router.delete("/{id}", status_code=204)
def delete_model(id: Id, store: TheStore) -> None:
    """Delete the model. The run that made it keeps its own copy."""
    with store.database.write() as transaction:
        found = models.delete(transaction, id)
    if not found:
        raise _missing()


@router.get("/{id}/export/{format}")
def export_model(id: Id, format: str, store: TheStore) -> Response:
    """The model as a file, in one of the formats that there are."""
    wanted = formats().get(format)
    if wanted is None:
        raise HTTPProblem(404, "format-missing", no_such(format), formats=list(formats()))
    with store.database.read() as reader:
        head, model = models.head(reader, id), find_model(reader, id)
    if head is None or model is None:
        raise _missing()
    headers = {"Content-Disposition": attachment(head.name, wanted.suffix)}
    return Response(wanted.write(model), headers=headers, media_type=wanted.media_type)


@router.post("/{id}/predict")
@takes("model_bytes")
def predict(id: Id, body: PredictBody, store: TheStore) -> Response:
    """An estimate for each row, by estimate node where the model has several. `ignored`: columns it does not know."""
    model = _model(store, id)
    for number, row in enumerate(body.rows, 1):
        _check_values(row, f"Row {number}")
    try:
        estimates = model.predict(body.rows)
    except DataRefused as error:
        raise _first_refused(model, body.rows, error) from error
    for number, estimate in enumerate(estimates, 1):
        _check_finite(estimate, f"Row {number}")
    return _answer({"estimates": estimates, "ignored": _ignored(model, body.rows)})


@router.post("/{id}/explain")
def explain(id: Id, body: ExplainBody, store: TheStore) -> Response:
    """Why a row comes to its estimate: base + contributions, and who won where."""
    model = _model(store, id)
    _check_values(body.row, "The row")
    try:
        reasons = model.explain(body.row, body.estimate)
    except DataRefused as error:
        raise HTTPProblem(422, "row-refused", str(error)) from error
    _check_finite(reasons, "The row")
    return _answer({**reasons, "ignored": _ignored(model, [body.row])})


@router.get("/{id}/formulas")
def read_formulas(id: Id, store: TheStore) -> Response:
    """By node, for each linear worker that reads the table: its intercept and weights in the table's own units."""
    return _answer(formulas(_model(store, id)))


def _head(head: ModelHead) -> dict[str, str | None]:
    return {"id": head.id, "name": head.name, "created": head.created, "run": head.run_id}


def _model(store: Store, id: str) -> Model:
    with store.database.read() as reader:
        model = find_model(reader, id)
    if model is None:
        raise _missing()
    return model


def _check_values(row: Mapping[str, Any], which: str) -> None:
    for column, value in row.items():
        if value is not None and not isinstance(value, str | int | float | bool):
            said = f"{which}, column '{column[:60]}': a list or an object is no value of a cell."
            raise HTTPProblem(422, "row-refused", said)


def _check_finite(told: Any, which: str) -> None:
    if not all(map(math.isfinite, _numbers(told))):
        said = f"{which} holds numbers that are too large: its estimate is no finite number."
        raise HTTPProblem(422, "row-refused", said)


def _numbers(told: Any) -> Iterator[float]:
    """All numbers of an estimate or of its reasons, at any depth."""
    if isinstance(told, float):
        yield told
    elif isinstance(told, dict | list):
        for part in told.values() if isinstance(told, dict) else told:
            yield from _numbers(part)


def _first_refused(model: Model, rows: Sequence[Row], error: DataRefused) -> HTTPProblem:
    """The problem of the first row that is not right, by its place, counted from 1."""
    for number, row in enumerate(rows, 1):
        try:
            from_rows(model.plan.preparation.schema(), [row])
        except DataRefused as why:
            return HTTPProblem(422, "row-refused", f"Row {number}: {why}", row=number)
    return HTTPProblem(422, "row-refused", str(error))


def _ignored(model: Model, rows: Sequence[Row]) -> list[str]:
    known = {column.name for column in model.plan.preparation.columns}
    known |= {estimate.target.column for estimate in model.plan.estimates}
    known |= {model.plan.grouping.by} if model.plan.grouping else set()
    return sorted({column for row in rows for column in row} - known)


def _missing() -> HTTPProblem:
    return HTTPProblem(404, "model-missing", "There is no model with this id. It may have been deleted.")


def _answer(told: Any) -> Response:
    return Response(orjson.dumps(told), media_type="application/json")
