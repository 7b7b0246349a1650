"""Puts examples in place: the table by the ordinary intake, then graph, setup and note in one transaction."""

from __future__ import annotations

import json
import logging

from starlette.concurrency import run_in_threadpool

from app import graph_json
from app.clock import now
from app.examples import Example, catalogue
from app.importing import Importer, Progress
from app.store import Store, Transaction, examples, graphs, tables
from app.store.graphs import GraphHead, Setup

log = logging.getLogger("backchannel")


async def seed(store: Store, importer: Importer) -> None:
    """Put every example in place that never was. One that cannot be is tried again at the next start."""
    with store.database.read() as reader:
        known = examples.seeded(reader)
    for example in catalogue().values():
        if example.id not in known:
            try:
                await put_in_place(example, store, importer)
            except Exception as error:
                log.warning("The example '%s' could not be put in place: %r", example.id, error)


async def put_in_place(example: Example, store: Store, importer: Importer) -> GraphHead:
    """The graph of the example as it came, with its table and its setup, whatever was there under its id."""
    with store.database.read() as reader:
        there = tables.get(reader, example.id) is not None
    if not there:
        await _import_table(example, importer)
    return await run_in_threadpool(_write, example, store)


async def _import_table(example: Example, importer: Importer) -> None:
    async with importer.folder() as folder:
        source = folder / "upload"
        source.write_text(example.csv_text(), encoding="utf-8")
        await importer.add(folder, source, id=example.id, name=example.table, wish={}, progress=Progress())


def _write(example: Example, store: Store) -> GraphHead:
    with store.database.write() as transaction:
        tables.rename(transaction, example.id, example.table)
        graph = _put_graph(example, transaction)
        pace = None if example.pace is None else json.dumps(dict(example.pace))
        setup = Setup(example.id, example.target, json.dumps(dict(example.settings)), pace)
        graphs.choose_setup(transaction, example.id, setup)
        examples.note_seeded(transaction, example.id, now())
    return graph


def _put_graph(example: Example, transaction: Transaction) -> GraphHead:
    """Written over, so that whoever has the graph open sees that it changed; or added."""
    graph = graph_json.read(example.graph)
    name, text = graph_json.name_of(graph), graph_json.text_of(graph)
    found = graphs.update(transaction, example.id, expected=None, name=name, json=text, now=now())
    return found if isinstance(found, GraphHead) else graphs.add(transaction, example.id, name, text, now())
