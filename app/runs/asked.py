"""A run as someone asks for it, with everything refused that stands in its way before it is written down."""

from __future__ import annotations

import json
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from app import graph_json
from app.clock import now
from app.problems import HTTPProblem
from app.runs import learnt, pace
from app.runs.pace import Pace
from app.setups import check_settings
from app.store import Reader, Store, graphs, is_id, new_id, tables
from app.store.runs import Run, State
from app.tables_on_disk import open_table
from engine import fields
from engine.check import problems
from engine.errors import DataRefused
from engine.graph import Graph
from engine.target import fit_target
from engine.targets import columns_asked, targets
from engine.training.preparing import usable_rows
from engine.training.settings import Settings

LONGEST_NAME = 200


class RunBody(BaseModel):
    """What to train: a graph, by its id or as graph JSON, on a table; `pace` null is full speed."""

    model_config = ConfigDict(extra="forbid")
    graph: Annotated[Any, Field(description="The id of a graph, or graph JSON.")]
    table: str
    target: Annotated[str, Field(max_length=LONGEST_NAME)] | None = None
    settings: dict[str, Any] = {}
    after: Annotated[
        str | None, Field(description="The id of a model, or of a run: workers that are the same there go on from it.")
    ] = None
    pace: Annotated[Any, Field(description='null, {"seconds": for the whole run} or {"steps_per_second": at most}')] = (
        None
    )


class ChangeBody(BaseModel):
    """What to change while it trains; what is left out stays."""

    model_config = ConfigDict(extra="forbid")
    learning_rate: float | None = None
    pace: Annotated[Any, Field(description="As when a run is started.")] = None


def read(body: RunBody, reader: Reader, store: Store) -> tuple[Run, Pace, bytes | None]:
    """The run to be added, and the model that it goes on from.

    Raises HTTPProblem 404 for a graph, table, model or run that there is not, 422 for all else.
    """
    check_settings(body.settings)
    check_pace(body.pace)
    graph_id, graph = _graph(body.graph, reader)
    _check_table(graph, body, reader, store)
    text, settings = _text(graph.to_json()), _text(body.settings)
    run = Run(new_id(), text, graph_id, body.table, body.target or "", settings, State.QUEUED, now())
    return run, body.pace, learnt.document(body.after, reader, store)


def changes(body: ChangeBody) -> dict[str, Any]:
    """The commands that a change comes to, by name. Raises HTTPProblem 422."""
    asked = {name: getattr(body, name) for name in sorted(body.model_fields_set)}
    if not asked:
        raise HTTPProblem(422, "nothing", "Say what to change: the learning rate, or the pace.")
    if "learning_rate" in asked:
        rate = asked["learning_rate"]
        why = "it must be a number" if rate is None else fields.fields_of(Settings)["learning_rate"].refusal(rate)
        if why:
            raise _refused("bad-setting", "learning_rate", f"Setting 'learning_rate': {why}.")
    if "pace" in asked:
        check_pace(asked["pace"])
    return asked


def check_pace(value: Any) -> None:
    """Raise HTTPProblem 422 where the value is no pace."""
    if why := pace.refusal(value):
        raise _refused("bad-pace", "pace", why)


def _graph(asked: Any, reader: Reader) -> tuple[str | None, Graph]:
    if not isinstance(asked, str):
        return None, graph_json.read_graph(asked)
    stored = graphs.get(reader, asked) if is_id(asked) else None
    if stored is None:
        raise HTTPProblem(404, "graph-missing", "There is no graph with this id. It may have been deleted.")
    return stored.id, graph_json.read_graph(json.loads(stored.json))


def _check_table(graph: Graph, body: RunBody, reader: Reader, store: Store) -> None:
    """Raise what keeps the graph from being trained on the table, to be compared as the settings say."""
    table = tables.get(reader, body.table) if is_id(body.table) else None
    if table is None:
        raise HTTPProblem(404, "table-missing", "There is no table with this id. Choose another.")
    named = set(columns_asked(graph))
    opened = open_table(store.table_folder(body.table), json.loads(table.description), texts=named)
    found = problems(graph, opened, body.target)
    if found:
        raise graph_json.refused(found)
    settings, names = fields.read(Settings, body.settings), targets(graph, body.target)
    try:
        usable = usable_rows(opened, names)
        for name in names:
            fit_target(opened, name, usable, loss=settings.loss, extra=settings.extra)
    except DataRefused as error:
        raise HTTPProblem(422, "data", str(error)) from error


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _refused(code: str, field: str, message: str) -> HTTPProblem:
    return HTTPProblem(422, "settings", message, problems=[{"code": code, "field": field, "message": message}])
