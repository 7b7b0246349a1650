"""Models: what was learnt, to be read, tried, and taken away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app.exports import formats
from app.figures import figure
from app.loaded_models import load_model
from app.pages import Entry
from app.pages._forms import Sent, text
from app.pages._formulas import Formulas, formulas_of
from app.pages._row import Row, read_row
from app.problems import HTTPProblem
from app.provided import Id, TheStore
from app.store import Reader, graphs, models, runs
from app.store.models import Model as StoredModel
from app.strict_json import StrictRoute
from app.templating import render
from engine.errors import DataRefused
from engine.loss import CHANCE
from engine.model import Model
from engine.plan import Estimate

router = APIRouter(route_class=StrictRoute, include_in_schema=False)
entry = Entry(30, "Models", "/models")


@dataclass(frozen=True)
class ModelsPage:
    models: Sequence[Any]


@dataclass(frozen=True)
class Answer:
    """The estimate of a row that a person typed in, taken apart by column.

    chances: of each class, where classes are estimated. score: what the parts add up to: the estimate itself, or the
    number that was bent into a chance or a rate, or held within what was learnt from (held). of: whose score it is.
    """

    name: str
    estimate: str
    chances: Mapping[str, float]
    score: float
    of: str
    held: bool
    base: float
    contributions: Mapping[str, float]
    path: Sequence[tuple[str, str]]
    exact: bool


@dataclass(frozen=True)
class ModelPage:
    """row: the one that is tried; lead: the column whose field a person is led to, or none."""

    id: str
    name: str
    created: str
    learnt_from: str
    graph: str | None
    formats: Sequence[tuple[str, str]]
    estimates: Sequence[tuple[str, str]]
    columns: Sequence[Any]
    formulas: Formulas
    row: Row
    lead: str
    answers: Sequence[Answer]
    refusal: str


@router.get("/models")
def list_models(request: Request, store: TheStore) -> Response:
    with store.database.read() as reader:
        return render(request, "pages/models.html", ModelsPage(models.newest(reader)))


@router.get("/models/{id}")
def show_model(request: Request, id: Id, store: TheStore) -> Response:
    """The model, and its answer for its own first row."""
    with store.database.read() as reader:
        stored = _stored(reader, id)
        graph = _graph(reader, stored)
    model = load_model(stored)
    row = {name: _written(value) for name, value in (model.checks[0]["row"] if model.checks else {}).items()}
    return render(request, "pages/model.html", _page(stored, graph, model, Row(row, row)))


@router.post("/models/{id}/try")
def try_row(request: Request, id: Id, store: TheStore, sent: Sent) -> Response:
    """What the model makes of a row that a person typed in. asked: it was sent off, and not merely typed further."""
    with store.database.read() as reader:
        stored = _stored(reader, id)
        graph = _graph(reader, stored)
    model = load_model(stored)
    row = read_row(model.plan.preparation.schema(), sent)
    lead = next(iter(row.wrong), "") if text(sent, "asked") else ""
    return render(request, "pages/model.html", _page(stored, graph, model, row, lead), block="tried")


@router.post("/models/{id}/delete")
def delete_model(id: Id, store: TheStore) -> Response:
    with store.database.write() as transaction:
        models.delete(transaction, id)
    return RedirectResponse("/models", 303)


def _page(stored: StoredModel, graph: str | None, model: Model, row: Row, lead: str = "") -> ModelPage:
    names = {node.id: node.name for node in model.plan.whole.nodes}
    targets = {estimate.node: estimate.target.column for estimate in model.plan.estimates}
    answers, refusal = _answers(model, row, names)
    return ModelPage(
        id=stored.id,
        name=stored.name,
        created=stored.created,
        learnt_from=_learnt_from(model),
        graph=graph,
        formats=[(name, format.short) for name, format in formats().items()],
        estimates=[(names[node], targets[node]) for node in model.estimates],
        columns=model.plan.preparation.columns,
        formulas=formulas_of(model),
        row=row,
        lead=lead,
        answers=answers,
        refusal=refusal,
    )


def _answers(model: Model, row: Row, names: Mapping[str, str]) -> tuple[list[Answer], str]:
    """The answers, or why there are none."""
    if row.wrong:
        return [], f"There is an estimate as soon as {_listed(list(row.wrong))} can be read."
    try:
        told = [(estimate, model.explain(row.values, estimate.node)) for estimate in model.plan.estimates]
    except DataRefused as error:
        return [], str(error)
    return [_answer(names, estimate, found) for estimate, found in told], ""


def _listed(names: Sequence[str]) -> str:
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)


def _answer(names: Mapping[str, str], asked: Estimate, told: Mapping[str, Any]) -> Answer:
    estimate: Any = told["estimate"]
    chances: Mapping[str, float] = {}
    if isinstance(estimate, dict):
        estimate, chances = estimate["value"], estimate["chances"]
    elif asked.target.kind.told == CHANCE:
        estimate, chances = "yes" if estimate > 0.5 else "no", {"yes": estimate, "no": 1 - estimate}
    return Answer(
        name=names[asked.node],
        estimate=estimate if chances else figure(estimate),
        chances=chances,
        score=told["score"],
        of="yes" if told["of"] is True else told["of"] or "",
        held=told["held"],
        base=told["base"],
        contributions=told["contributions"],
        path=[(names[step["node"]], names[step["winner"]]) for step in told["path"]],
        exact=told["exact"],
    )


def _graph(reader: Reader, stored: StoredModel) -> str | None:
    """The id of the graph that learnt it, if that is still here."""
    run = runs.get(reader, stored.run_id) if stored.run_id else None
    there = run is not None and run.graph_id is not None and graphs.get(reader, run.graph_id) is not None
    return run.graph_id if run and there else None


def _learnt_from(model: Model) -> str:
    """How many rows or groups of which table, as far as the document says."""
    rows, table = model.training.get("rows"), model.training.get("table")
    count = rows.get("train") if isinstance(rows, dict) else None
    one, many = ("group of rows", "groups of rows") if model.plan.grouping else ("row", "rows")
    said = f"learnt from {count:,} {one if count == 1 else many}" if isinstance(count, int) else ""
    return f"{said} of {table}" if said and isinstance(table, str) else said


def _written(value: Any) -> str:
    return "" if value is None else str(value) if not isinstance(value, bool) else ("yes" if value else "no")


def _stored(reader: Reader, id: str) -> StoredModel:
    found = models.get(reader, id)
    if found is None:
        raise HTTPProblem(404, "model-missing", "There is no model with this id. It may have been deleted.")
    return found
