"""Runs: started, watched, told what to do; and the models that come of them."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, FastAPI, Header, Query, Request, Response
from pydantic import BaseModel, ConfigDict, StringConstraints

from app import graph_json
from app.clock import now
from app.problems import HTTPProblem
from app.provided import EnoughSpace, Id, TheStore
from app.runs import asked, bookkeeping, described, keeping
from app.runs.asked import ChangeBody, RunBody
from app.runs.live import log_path
from app.runs.spec import PAUSE, RESUME, STEP, STOP
from app.runs.supervisor import NotNow, Supervisor
from app.store import RunLog, Store, models, new_id, runs
from app.store.models import Model
from app.store.runs import OVER, Run, State
from app.stream import EventStream, Hub
from app.strict_json import StrictRoute

router = APIRouter(prefix="/api/runs", route_class=StrictRoute, tags=["runs"])
UNDER_WAY = "The run is not at rest. Pause or stop it to take the model that it has come to."
NO_MODEL = "The run has come to no model."


class KeepBody(BaseModel):
    """What to call the model; left out, as the graph is called."""

    model_config = ConfigDict(extra="forbid")
    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)] | None = None


@asynccontextmanager
async def lifespan(application: FastAPI) -> AsyncIterator[None]:
    """Take up the runs that were at work; at the end let each write down where it is."""
    state, limits = application.state, application.state.config.limits
    hub = Hub(partial(_existing_log, state.store), most=limits.streams, stopping=state.stopping)
    supervisor = Supervisor(
        state.store,
        running=limits.runs_running,
        queued=limits.runs_queued,
        threads=limits.training_threads,
        publish=hub.publish,
        drop=hub.drop,
    )
    state.streams, state.runs = hub, supervisor
    watched = asyncio.create_task(hub.look_after())
    await asyncio.to_thread(supervisor.open)
    try:
        yield
    finally:
        await asyncio.to_thread(supervisor.close)
        watched.cancel()
        with suppress(asyncio.CancelledError):
            await watched


async def _supervisor(request: Request) -> Supervisor:
    supervisor: Supervisor = request.app.state.runs
    return supervisor


async def _hub(request: Request) -> Hub:
    hub: Hub = request.app.state.streams
    return hub


TheRuns = Annotated[Supervisor, Depends(_supervisor)]
TheStreams = Annotated[Hub, Depends(_hub)]


@router.get("")
def list_runs(
    store: TheStore,
    supervisor: TheRuns,
    graph: Annotated[str | None, Query(max_length=64)] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    offset: Annotated[int, Query(ge=0, le=10**9)] = 0,
) -> dict[str, list[dict[str, Any]]]:
    """The runs, of one graph where it is named, the newest first."""
    supervisor.settle()
    with store.database.read() as reader:
        found = runs.newest(reader, graph_id=graph, limit=limit, offset=offset)
    return {"runs": [described.head(run, supervisor.live(run.id)) for run in found]}


@router.post("", status_code=201, dependencies=[EnoughSpace])
def create_run(body: RunBody, store: TheStore, supervisor: TheRuns, response: Response) -> dict[str, Any]:
    """Train a graph on a table, at once or as soon as there is room."""
    with store.database.read() as reader:
        run, pace, before = asked.read(body, reader, store)
    added = supervisor.add(run, pace, before)
    if isinstance(added, NotNow):
        raise HTTPProblem(503, "queue", added.message, headers={"Retry-After": "30"})
    response.headers["Location"] = f"/api/runs/{added.id}"
    return _whole(added, store, supervisor)


@router.get("/{id}")
def read_run(id: Id, store: TheStore, supervisor: TheRuns) -> dict[str, Any]:
    """Where the run stands, and what its settings came to."""
    supervisor.settle()
    return _whole(_found(id, store), store, supervisor)


@router.patch("/{id}")
def change_run(id: Id, body: ChangeBody, store: TheStore, supervisor: TheRuns) -> dict[str, Any]:
    """Change the learning rate or the pace, while it trains or before."""
    for name, value in asked.changes(body).items():
        _tell(supervisor, id, name, value)
    return _whole(_found(id, store), store, supervisor)


@router.delete("/{id}", status_code=204)
def delete_run(id: Id, supervisor: TheRuns) -> None:
    """End the run wherever it is, and remove all that it reported. Models that were kept stay."""
    if not supervisor.delete(id):
        raise _missing()


@router.post("/{id}/pause")
def pause_run(id: Id, store: TheStore, supervisor: TheRuns) -> dict[str, Any]:
    """Let it rest after the steps that it is in."""
    return _whole(_tell(supervisor, id, PAUSE), store, supervisor)


@router.post("/{id}/resume")
def resume_run(id: Id, store: TheStore, supervisor: TheRuns) -> dict[str, Any]:
    """Let it go on, at once or as soon as there is room."""
    return _whole(_tell(supervisor, id, RESUME), store, supervisor)


@router.post("/{id}/step")
def step_run(id: Id, store: TheStore, supervisor: TheRuns) -> dict[str, Any]:
    """Let a paused run take one step."""
    return _whole(_tell(supervisor, id, STEP), store, supervisor)


@router.post("/{id}/stop")
def stop_run(id: Id, store: TheStore, supervisor: TheRuns) -> dict[str, Any]:
    """End it and keep what it has learnt."""
    return _whole(_tell(supervisor, id, STOP), store, supervisor)


@router.get(
    "/{id}/events",
    response_class=Response,
    responses={
        200: {"description": "Numbered events, to the end of the run.", "content": {"text/event-stream": {}}},
        204: {"description": "The run is over, and you have everything."},
    },
)
async def watch_run(
    id: Id,
    store: TheStore,
    hub: TheStreams,
    after: Annotated[int, Query(ge=0, le=10**15)] = 0,
    last_event_id: Annotated[str | None, Header(alias="Last-Event-ID")] = None,
) -> Response:
    """What the run reports, as it happens, from after the last event that you have."""
    given = re.fullmatch(r"[0-9]{1,15}", last_event_id or "")
    number = int(given[0]) if given else after
    over, count = await asyncio.to_thread(_how_far, id, store)
    if over and 0 < count <= number:
        return Response(status_code=204)
    return EventStream(hub, id, number, over=over)


@router.get("/{id}/model")
def read_model(id: Id, store: TheStore, supervisor: TheRuns) -> Response:
    """The model that a run has come to which is paused or over."""
    supervisor.settle()
    return Response(_model(_found(id, store), store), media_type="application/json")


@router.post("/{id}/keep", status_code=201, dependencies=[EnoughSpace])
def keep_model(
    id: Id,
    store: TheStore,
    supervisor: TheRuns,
    response: Response,
    body: Annotated[KeepBody | None, Body()] = None,
) -> dict[str, Any]:
    """Put the model that a run has come to beside the other models, where it outlives the run."""
    supervisor.settle()
    run = _found(id, store)
    name = (body.name if body else None) or graph_json.name_of(bookkeeping.graph_of(run))
    model = Model(new_id(), name, now(), id, _model(run, store).decode())
    with store.database.write() as transaction:
        if runs.get(transaction, id) is None:
            raise _missing()
        models.add(transaction, model)
    response.headers["Location"] = f"/api/models/{model.id}"
    return {"id": model.id, "name": model.name, "created": model.created, "run": id}


def _tell(supervisor: Supervisor, id: str, name: str, value: Any = None) -> Run:
    told = supervisor.tell(id, name, value)
    if told is None:
        raise _missing()
    if isinstance(told, NotNow):
        raise HTTPProblem(409, "run-state", told.message)
    return told


def _found(id: str, store: Store) -> Run:
    with store.database.read() as reader:
        run = runs.get(reader, id)
    if run is None:
        raise _missing()
    return run


def _whole(run: Run, store: Store, supervisor: Supervisor) -> dict[str, Any]:
    with store.database.read() as reader:
        told = bookkeeping.commands(reader, run.id)
    return described.whole(run, supervisor.live(run.id), told, store)


def _model(run: Run, store: Store) -> bytes:
    if run.state not in OVER | {State.PAUSED}:
        raise HTTPProblem(409, "run-state", UNDER_WAY)
    document = None if run.state is State.FAILED else keeping.kept(store.run_folder(run.id))
    if document is None:
        raise HTTPProblem(409, "no-model", f"{NO_MODEL} {run.problem or 'It was stopped before it began.'}")
    return document


def _how_far(id: str, store: Store) -> tuple[bool, int]:
    """Whether the run is over, and how many events its log has."""
    run, log = _found(id, store), _existing_log(store, id)
    if log is None:
        return run.state in OVER, 0
    with log:
        return run.state in OVER, log.count()


def _existing_log(store: Store, id: str) -> RunLog | None:
    return store.run_log(id) if log_path(store.run_folder(id)).exists() else None


def _missing() -> HTTPProblem:
    return HTTPProblem(404, "run-missing", "There is no run with this id. It may have been deleted.")
