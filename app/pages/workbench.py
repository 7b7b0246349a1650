"""The workbench of one graph: the canvas with its forms. The start page is the workbench of the first example."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from app import setups
from app.examples import example_of
from app.pages._columns import Choosable, choosable
from app.pages._forms import Filled, Sent, filled, read_form, text
from app.pages._shortcuts import SHORTCUTS
from app.problems import HTTPProblem
from app.provided import Id, TheStore
from app.runs import described
from app.runs.bookkeeping import graph_of
from app.store import Reader, graphs, is_id, models, runs, tables
from app.store.graphs import Setup
from app.strict_json import StrictRoute
from app.tables_on_disk import schema
from app.templating import render, wants_part
from engine import fields
from engine.graph import FORMAT
from engine.kind import FAMILIES, catalogue, describe
from engine.table import Table
from engine.targets import learnable
from engine.training.settings import Settings

router = APIRouter(route_class=StrictRoute, include_in_schema=False)

PACES = (
    ("Slow (half a minute)", {"seconds": 30}),
    ("To watch (12 s)", {"seconds": 12}),
    ("Quick (4 s)", {"seconds": 4}),
    ("Full speed", None),
)
IN_THE_BAR = ("learning_rate",)
FIRST_STEPS = (
    "Under Data stand the table and the target: the column that the team is to estimate.",
    "Press Train and watch the wires: results run to the right, feedback runs back from the estimate. A team opens "
    "with a double click.",
    "The loss held out says how the team does on rows that it has not seen. When it stays where it is, keep the model.",
)
LEGEND = (
    ("value", "The result runs forward."),
    ("high", "Feedback runs back: the estimate was too high."),
    ("low", "Feedback runs back: the estimate was too low."),
    ("mixed", "Too high for some rows, too low for others."),
)
START = "california"


@dataclass(frozen=True)
class Family:
    """One group of the palette. basic: what stands open; more: what is folded; inside: what teams alone can hold."""

    title: str
    basic: Sequence[Mapping[str, Any]]
    more: Sequence[Mapping[str, Any]]
    inside: Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class DataForm:
    """Which table, which target. `guess` is the target that the table suggests, `row_numbers` what numbers its rows."""

    graph: str
    tables: Sequence[Any]
    table: str
    target: str
    columns: Sequence[Mapping[str, Any]]
    rows: int
    guess: str
    row_numbers: Sequence[str]


@dataclass(frozen=True)
class TrainingForm:
    graph: str
    fields: Sequence[Mapping[str, Any]]
    values: Mapping[str, Any]
    errors: Mapping[str, str]


@dataclass(frozen=True)
class NodeForm:
    id: str
    kind: str
    table: str
    target: str
    name: str
    title: str
    help: str
    feedback: str
    formula: str
    fields: Sequence[Mapping[str, Any]]
    values: Mapping[str, Any]
    errors: Mapping[str, str]
    columns: Sequence[str]
    choosable: Choosable
    held: str
    models: Sequence[Any]


@dataclass(frozen=True)
class WorkbenchPage:
    name: str
    given: Mapping[str, Any]
    families: Sequence[Family]
    sentences: Sequence[str]
    restorable: bool
    tabs: Sequence[tuple[str, str]]
    paces: Sequence[tuple[str, Any]]
    legend: Sequence[tuple[str, str]]
    shortcuts: Sequence[tuple[str, Sequence[tuple[Sequence[str], str]]]]
    data: DataForm
    training: TrainingForm


@dataclass(frozen=True)
class NodePanel:
    form: NodeForm


@dataclass(frozen=True)
class DataPanel:
    data: DataForm


@dataclass(frozen=True)
class TrainingPanel:
    training: TrainingForm


@dataclass(frozen=True)
class Nobody:
    """No node is selected."""


@router.get("/")
def start(request: Request, store: TheStore) -> Response:
    """The first example; where it was deleted, the graphs that there are."""
    with store.database.read() as reader:
        if graphs.get(reader, START) is None:
            return RedirectResponse("/graphs", 303)
        return render(request, "pages/workbench.html", _page(request, reader, START))


@router.get("/graphs/{id}")
def workbench(request: Request, id: Id, store: TheStore) -> Response:
    with store.database.read() as reader:
        return render(request, "pages/workbench.html", _page(request, reader, id))


@router.post("/graphs/{id}/data")
def choose_data(request: Request, id: Id, store: TheStore, sent: Sent) -> Response:
    """Chooses a table or a target; a new table brings its guess of a target along."""
    with store.database.write() as transaction:
        before = _setup(transaction, id)
        table, target = text(sent, "table"), text(sent, "target")
        names = [column["name"] for column in _description(transaction, table).get("columns", ())]
        if table != (before.table_id or "") or target not in names:
            target = str(before.target) if before.target in names else _guess(transaction, table)
        changed = replace(before, table_id=table or None, target=target or None)
        graphs.choose_setup(transaction, id, changed)
        form = _data_form(transaction, id, changed)
    if not wants_part(request):
        return RedirectResponse(f"/graphs/{id}", 303)
    return _with_event(render(request, "pages/workbench_data.html", DataPanel(form)), "setup:changed", setup=changed)


@router.post("/graphs/{id}/training")
def choose_training(request: Request, id: Id, store: TheStore, sent: Sent) -> Response:
    """Changes the settings of the training; one that is wrong stays as it was, and its field says why."""
    read = read_form(Settings, sent, "training-", skip=IN_THE_BAR)
    with store.database.write() as transaction:
        before = _setup(transaction, id)
        staying = {*IN_THE_BAR, *read.errors}
        kept = {name: value for name, value in json.loads(before.settings).items() if name in staying}
        changed = replace(before, settings=json.dumps(read.changed(Settings) | kept))
        graphs.choose_setup(transaction, id, changed)
    if not wants_part(request):
        return RedirectResponse(f"/graphs/{id}", 303)
    page = render(request, "pages/workbench_training.html", TrainingPanel(_training_form(id, read)))
    return _with_event(page, "setup:changed", setup=changed)


@router.get("/workbench/nobody")
def nobody(request: Request) -> Response:
    return render(request, "parts/nobody.html", Nobody())


@router.post("/workbench/node")
def node_form(request: Request, store: TheStore, sent: Sent) -> Response:
    """The form of a node as it is, or, when it is sent back, as it was filled in; then the page hears of the change."""
    kind = catalogue().get(text(sent, "kind"))
    if kind is None:
        message = "This program does not know this kind of node. Replace the node with one of the palette."
        raise HTTPProblem(404, "kind-missing", message)
    with store.database.read() as reader:
        described = _description(reader, text(sent, "table"))
        stored = models.newest(reader)
    submitted = "submitted" in sent
    told = describe(text(sent, "kind"))
    documents = [field["name"] for field in told["settings"]["fields"] if field["type"] == "document"]
    table = schema(described) if described else Table((), {})
    given = (
        read_form(kind.settings, sent, "setting-", learnable(table, {text(sent, "target")}), skip=documents)
        if submitted
        else _kept(kind.settings, sent, documents)
    )
    name = text(sent, "name").strip()
    errors = dict(given.errors) | ({} if name else {"name": "Give it a name."})
    form = NodeForm(
        id=text(sent, "node"),
        kind=text(sent, "kind"),
        table=text(sent, "table"),
        target=text(sent, "target"),
        name=name,
        title=told["title"],
        help=told["help"],
        feedback=told["feedback"],
        formula=told["formula"],
        fields=[field for field in told["settings"]["fields"] if not _is_graph(field)],
        values=given.values,
        errors=errors,
        columns=[column.name for column in table.columns],
        choosable=choosable(table, text(sent, "target")),
        held=text(sent, "held"),
        models=stored,
    )
    page = render(request, "pages/workbench_node.html", NodePanel(form))
    if not submitted:
        return page
    node = {
        "id": form.id,
        "name": name or None,
        "settings": given.changed(kind.settings),
        "wrong": list(given.errors),
        "model": text(sent, "model"),
    }
    page.headers["HX-Trigger"] = json.dumps({"node:changed": {"node": node}})
    return page


def _page(request: Request, reader: Reader, id: str) -> WorkbenchPage:
    graph, setup = graphs.get(reader, id), _setup(reader, id)
    if graph is None:
        raise _missing()
    example = example_of(id)
    newest = runs.newest(reader, graph_id=id, limit=1)
    given = {
        "id": id,
        "version": graph.version,
        "graph": json.loads(graph.json),
        "catalogue": {name: _drawn(describe(name)) for name in catalogue()},
        "setup": setups.told(setup),
        "run": described.head(newest[0], request.app.state.runs.live(newest[0].id)) if newest else None,
        "trained": graph_of(newest[0]) if newest else None,
    }
    return WorkbenchPage(
        name=graph.name,
        given=given,
        families=_families(),
        sentences=example.sentences if example else FIRST_STEPS,
        restorable=example is not None,
        tabs=(("guide", "Guide"), ("node", "Node"), ("data", "Data"), ("training", "Training")),
        paces=PACES,
        legend=LEGEND,
        shortcuts=SHORTCUTS,
        data=_data_form(reader, id, setup),
        training=_training_form(id, filled(Settings, json.loads(setup.settings))),
    )


def _drawn(described: Mapping[str, Any]) -> dict[str, Any]:
    """What the canvas needs to know of a kind; forms come from the server.

    documents: settings that no form shows. references: settings that name another node. holds: where a node of this
    kind keeps a graph of its own, and what that is when nobody has touched it.
    """
    named = {
        type: [field["name"] for field in described["settings"]["fields"] if field["type"] == type]
        for type in ("document", "node")
    }
    holds = next(
        (
            {"setting": field["name"], "empty": field["default"]}
            for field in described["settings"]["fields"]
            if _is_graph(field)
        ),
        None,
    )
    told = {name: described[name] for name in ("kind", "title", "family", "formula", "ports", "for_teams")}
    return told | {"documents": named["document"], "references": named["node"], "holds": holds}


def _is_graph(field: Mapping[str, Any]) -> bool:
    return bool(field["type"] == "document" and field["default"].get("format") == FORMAT)


def _families() -> list[Family]:
    families = [_family(family, title) for family, title in FAMILIES.items()]
    return [family for family in families if family.basic]


def _family(family: str, title: str) -> Family:
    """Its basic kinds and the others; all of them where none is basic."""
    members = {name: kind for name, kind in catalogue().items() if kind.family == family}
    inside = [name for name, kind in members.items() if kind.for_teams]
    outside = [name for name in members if name not in inside]
    basic = [name for name in outside if members[name].basic] or outside
    more = [name for name in outside if name not in basic]
    return Family(title, *([describe(name) for name in names] for names in (basic, more, inside)))


def _setup(reader: Reader, id: str) -> Setup:
    found = graphs.setup_of(reader, id)
    if found is None:
        raise _missing()
    return found


def _data_form(reader: Reader, graph: str, setup: Setup) -> DataForm:
    described = _description(reader, setup.table_id or "")
    return DataForm(
        graph=graph,
        tables=tables.newest(reader),
        table=setup.table_id or "",
        target=setup.target or "",
        columns=described.get("columns", ()),
        rows=described.get("rows", 0),
        guess=described.get("target") or "",
        row_numbers=described.get("row_numbers", ()),
    )


def _training_form(graph: str, given: Filled) -> TrainingForm:
    shown = [field for field in fields.describe(Settings) if field["name"] not in IN_THE_BAR]
    return TrainingForm(graph, shown, given.values, given.errors)


def _description(reader: Reader, id: str) -> Mapping[str, Any]:
    table = tables.get(reader, id) if is_id(id) else None
    described: Mapping[str, Any] = json.loads(table.description) if table and not table.deleted else {}
    return described


def _guess(reader: Reader, table: str) -> str:
    return _description(reader, table).get("target") or ""


def _kept(settings: type, sent: FormData, skip: Sequence[str]) -> Filled:
    try:
        values = json.loads(text(sent, "settings") or "{}")
    except ValueError:
        values = {}
    known = values if isinstance(values, dict) else {}
    return filled(settings, {name: value for name, value in known.items() if name not in skip}, skip)


def _with_event(page: Response, event: str, *, setup: Setup) -> Response:
    page.headers["HX-Trigger"] = json.dumps({event: {"setup": setups.told(setup)}})
    return page


def _missing() -> HTTPProblem:
    return HTTPProblem(404, "graph-missing", "There is no graph with this id. It may have been deleted.")
