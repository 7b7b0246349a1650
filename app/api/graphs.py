"""Graphs: drawn, kept and changed. A change says which version it is meant for, so that none is lost."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Body, Query, Response

from app import graph_check, graph_json, proofs, setups
from app.clock import now
from app.etags import IfMatch, IfNoneMatch, etag, expected_version, is_current, stale
from app.problems import HTTPProblem
from app.proofs import ProofBody
from app.provided import EnoughSpace, Id, TheStore
from app.setups import SetupBody
from app.store import graphs, new_id
from app.store.graphs import Conflict, GraphHead
from app.strict_json import StrictRoute

router = APIRouter(prefix="/api/graphs", route_class=StrictRoute, tags=["graphs"])
GRAPH = 'Graph JSON: {"format": "backchannel.graph", "version": 1, ...}'
GraphBody = Annotated[Any, Body(description=GRAPH)]
CheckBody = Annotated[Any, Body(description=f'{{"graph": ..., "table": id, "target": column}}, or only {GRAPH}')]


@router.get("")
def list_graphs(
    store: TheStore,
    limit: Annotated[int, Query(ge=1, le=1000)] = 1000,
    offset: Annotated[int, Query(ge=0, le=10**9)] = 0,
) -> dict[str, list[GraphHead]]:
    """The graphs without their nodes, the last changed first."""
    with store.database.read() as reader:
        return {"graphs": graphs.newest(reader, limit=limit, offset=offset)}


@router.post("", status_code=201, dependencies=[EnoughSpace])
def create_graph(body: GraphBody, store: TheStore, response: Response) -> GraphHead:
    """Keep a new graph."""
    graph = graph_json.read(body)
    with store.database.write() as transaction:
        made = graphs.add(transaction, new_id(), graph_json.name_of(graph), graph_json.text_of(graph), now())
    response.headers["Location"] = f"/api/graphs/{made.id}"
    return _answer(response, made)


@router.post("/check")
def check_graph(body: CheckBody, store: TheStore) -> dict[str, Any]:
    """All that stands in the way of training it, each problem at its node or wire; none: it can be trained."""
    asked = graph_check.asked(body)
    with store.database.read() as reader:
        problems = graph_check.found(asked, reader)
    return {"problems": graph_json.told(problems), "count": len(problems)}


@router.post("/prove")
def prove_node(body: ProofBody, store: TheStore) -> dict[str, Any]:
    """Whether a node's feedback is what wiggling its numbers shows; and whether the order of rows matters to it."""
    return {"proof": asdict(proofs.proven(body, store)), "order": asdict(proofs.row_order(body, store))}


@router.get("/{id}", responses={304: {"description": "You have this version."}})
def read_graph(id: Id, store: TheStore, if_none_match: IfNoneMatch = None) -> Response:
    """The graph JSON, with every field that was left out."""
    with store.database.read() as reader:
        graph = graphs.get(reader, id)
    if graph is None:
        raise _missing()
    headers = {"ETag": etag(graph.version)}
    if is_current(if_none_match, graph.version):
        return Response(status_code=304, headers=headers)
    return Response(graph.json, headers=headers, media_type="application/json")


@router.put("/{id}", dependencies=[EnoughSpace])
def replace_graph(id: Id, body: GraphBody, store: TheStore, response: Response, if_match: IfMatch = None) -> GraphHead:
    """Write over the version that If-Match names."""
    expected = expected_version(if_match, "graph")
    graph = graph_json.read(body)
    name, text = graph_json.name_of(graph), graph_json.text_of(graph)
    with store.database.write() as transaction:
        found = graphs.update(transaction, id, expected=expected, name=name, json=text, now=now())
    return _answer(response, _only_head(found))


@router.delete("/{id}", status_code=204)
def delete_graph(id: Id, store: TheStore, if_match: IfMatch = None) -> None:
    """Delete the version that If-Match names. Runs of it keep their own copy."""
    expected = expected_version(if_match, "graph")
    with store.database.write() as transaction:
        found = graphs.delete(transaction, id, expected=expected)
    _only_head(found)


@router.get("/{id}/setup")
def read_setup(id: Id, store: TheStore) -> dict[str, Any]:
    """What was last chosen to train the graph with: table, target, settings and pace."""
    with store.database.read() as reader:
        setup = graphs.setup_of(reader, id)
    if setup is None:
        raise _missing()
    return setups.told(setup)


@router.put("/{id}/setup", dependencies=[EnoughSpace])
def choose_setup(id: Id, body: SetupBody, store: TheStore) -> dict[str, Any]:
    """Choose what to train the graph with. The last choice counts; the graph's version stays as it is."""
    with store.database.write() as transaction:
        setup = setups.read(body, transaction)
        if not graphs.choose_setup(transaction, id, setup):
            raise _missing()
    return setups.told(setup)


def _only_head(found: GraphHead | Conflict | None) -> GraphHead:
    if found is None:
        raise _missing()
    if isinstance(found, Conflict):
        raise stale(found.current.version, "graph")
    return found


def _answer(response: Response, graph: GraphHead) -> GraphHead:
    response.headers["ETag"] = etag(graph.version)
    return GraphHead(graph.id, graph.name, graph.version, graph.created, graph.updated)


def _missing() -> HTTPProblem:
    return HTTPProblem(404, "graph-missing", "There is no graph with this id. It may have been deleted.")
