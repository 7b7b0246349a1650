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
from app.pages._forms import Filled, Sent, filled, read_form, text
from app.problems import HTTPProblem
from app.provided import Id, TheStore
from app.runs import described
from app.store import Reader, graphs, is_id, runs, tables
from app.store.graphs import Setup
from app.strict_json import StrictRoute
from app.templating import render, wants_part
from engine import fields
from engine.kind import FAMILIES, catalogue, describe
from engine.training.settings import Settings

router = APIRouter(route_class=StrictRoute, include_in_schema=False)

PACES = (
    ("Slow (half a minute)", {"seconds": 30}),
    ("To watch (12 s)", {"seconds": 12}),
    ("Quick (4 s)", {"seconds": 4}),
    ("Full speed", None),
)
IN_THE_BAR = ("learning_rate",)
START = "california"


@dataclass(frozen=True)
class Family:
    title: str
    kinds: Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class DataForm:
    """Which table, which target. `guess` is the target that the table suggests."""

    graph: str
    tables: Sequence[Any]
    table: str
    target: str
    columns: Sequence[Mapping[str, Any]]
    rows: int
    guess: str


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
    name: str
    title: str
    help: str
    feedback: str
    formula: str
    fields: Sequence[Mapping[str, Any]]
    values: Mapping[str, Any]
    errors: Mapping[str, str]
    columns: Sequence[str]


@dataclass(frozen=True)
class WorkbenchPage:
    name: str
    given: Mapping[str, Any]
    families: Sequence[Family]
    sentences: Sequence[str]
    restorable: bool
    tabs: Sequence[tuple[str, str]]
    paces: Sequence[tuple[str, Any]]
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
    """Changes the settings of the training; what is wrong is said at its field and changes nothing."""
    read = read_form(Settings, sent, "training-", skip=IN_THE_BAR)
    with store.database.write() as transaction:
        before = _setup(transaction, id)
        kept = {name: value for name, value in json.loads(before.settings).items() if name in IN_THE_BAR}
        changed = before if read.errors else replace(before, settings=json.dumps(read.changed(Settings) | kept))
        graphs.choose_setup(transaction, id, changed)
    if not wants_part(request):
        return RedirectResponse(f"/graphs/{id}", 303)
    form = _training_form(id, read)
    page = render(request, "pages/workbench_training.html", TrainingPanel(form))
    return page if read.errors else _with_event(page, "setup:changed", setup=changed)


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
        columns = [column["name"] for column in _description(reader, text(sent, "table")).get("columns", ())]
    submitted = "submitted" in sent
    given = read_form(kind.settings, sent, "setting-", columns) if submitted else _kept(kind.settings, sent)
    name = text(sent, "name").strip()
    errors = dict(given.errors) | ({} if name else {"name": "Give it a name."})
    described = describe(text(sent, "kind"))
    form = NodeForm(
        id=text(sent, "id"),
        kind=text(sent, "kind"),
        table=text(sent, "table"),
        name=name,
        title=described["title"],
        help=described["help"],
        feedback=described["feedback"],
        formula=described["formula"],
        fields=fields.describe(kind.settings),
        values=given.values,
        errors=errors,
        columns=columns,
    )
    page = render(request, "pages/workbench_node.html", NodePanel(form))
    if errors or not submitted:
        return page
    node = {"id": form.id, "name": name, "settings": given.changed(kind.settings)}
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
    }
    return WorkbenchPage(
        name=graph.name,
        given=given,
        families=_families(),
        sentences=example.sentences if example else (),
        restorable=example is not None,
        tabs=(("guide", "Guide"), ("node", "Node"), ("data", "Data"), ("training", "Training")),
        paces=PACES,
        data=_data_form(reader, id, setup),
        training=_training_form(id, filled(Settings, json.loads(setup.settings))),
    )


def _drawn(described: Mapping[str, Any]) -> dict[str, Any]:
    """What the canvas needs to know of a kind; forms come from the server."""
    return {name: described[name] for name in ("kind", "title", "family", "ports")}


def _families() -> list[Family]:
    kinds = [describe(name) for name in catalogue()]
    by_family = {title: [kind for kind in kinds if kind["family"] == family] for family, title in FAMILIES.items()}
    return [Family(title, members) for title, members in by_family.items() if members]


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


def _kept(settings: type, sent: FormData) -> Filled:
    try:
        values = json.loads(text(sent, "settings") or "{}")
    except ValueError:
        values = {}
    return filled(settings, values if isinstance(values, dict) else {})


def _with_event(page: Response, event: str, *, setup: Setup) -> Response:
    page.headers["HX-Trigger"] = json.dumps({event: {"setup": setups.told(setup)}})
    return page


def _missing() -> HTTPProblem:
    return HTTPProblem(404, "graph-missing", "There is no graph with this id. It may have been deleted.")
