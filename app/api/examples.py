"""The examples: which there are, and how to have one back as it came."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import APIRouter, FastAPI, Response

from app.etags import etag
from app.examples import catalogue, example_of
from app.importing import Importer, TheImporter
from app.problems import HTTPProblem
from app.provided import EnoughSpace, Id, TheStore
from app.seeding import put_in_place, seed
from app.store import graphs
from app.store.graphs import GraphHead
from app.strict_json import StrictRoute

router = APIRouter(prefix="/api/examples", route_class=StrictRoute, tags=["examples"])


@asynccontextmanager
async def lifespan(application: FastAPI) -> AsyncIterator[None]:
    """Put the examples in place that never were, before anyone is answered."""
    config, store = application.state.config, application.state.store
    if config.examples:
        importer = Importer(store, config.limits)
        importer.sweep()
        await seed(store, importer)
    yield


@router.get("")
def list_examples(store: TheStore) -> dict[str, list[dict[str, Any]]]:
    """The examples in their order. `here`: whether the graph is there; its id and the table's are the example's."""
    with store.database.read() as reader:
        here = {id for id in catalogue() if graphs.get(reader, id) is not None}
    told = [
        {"id": it.id, "title": it.title, "sentences": it.sentences, "here": it.id in here}
        for it in catalogue().values()
    ]
    return {"examples": told}


@router.post("/{id}/restore", dependencies=[EnoughSpace])
async def restore_example(id: Id, store: TheStore, importer: TheImporter, response: Response) -> GraphHead:
    """Put the example's graph, table and setup back as they came. Runs and models stay."""
    example = example_of(id)
    if example is None:
        raise HTTPProblem(404, "example-missing", "There is no example with this id.")
    graph = await put_in_place(example, store, importer)
    response.headers["ETag"] = etag(graph.version)
    return GraphHead(graph.id, graph.name, graph.version, graph.created, graph.updated)
