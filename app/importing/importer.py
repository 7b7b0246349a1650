"""Adds tables to the store: columns are published before their row is committed; what fails leaves nothing."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool

from app import files
from app.clock import now
from app.config import Limits
from app.importing.process import Bounds, Job, run_import
from app.importing.progress import Board, Progress
from app.store import Store, Transaction, tables
from app.store.tables import Table

AT_ONCE = 2  # imports; others wait for their turn
USUAL = Bounds()


class Importer:
    """What turns files into tables of one store. `board` tells how far each upload is."""

    def __init__(self, store: Store, limits: Limits, bounds: Bounds = USUAL) -> None:
        self.board = Board()
        self._store = store
        self._file_bytes = limits.upload_bytes
        self._bounds = bounds
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._incoming = store.folder / "incoming"

    def sweep(self) -> None:
        """Clear away what was on its way when the server ended. To be called before the first upload."""
        files.sweep(self._incoming, None)

    @asynccontextmanager
    async def folder(self) -> AsyncIterator[Path]:
        """A folder beside the tables for an upload on its way; gone when the `with` is left."""
        folder = files.new_folder(self._incoming)
        try:
            yield folder
        finally:
            await run_in_threadpool(files.remove_folder, folder)

    async def add(
        self,
        folder: Path,
        source: Path,
        *,
        id: str,
        name: str,
        wish: Mapping[str, Any],
        progress: Progress,
        also: Callable[[Transaction], None] = lambda transaction: None,
    ) -> Table:
        """Read a file into a table. `also` is done in the same transaction.

        A table of this id that was deleted is put back; one that is there must not be. Raises as `run_import` does.
        """
        columns = folder / "columns"
        columns.mkdir(mode=0o700)
        job = Job(source, columns, name, self._file_bytes, wish)
        progress.wait()
        async with self._turns:
            description = await run_import(job, self._bounds, progress.read)
        progress.save()
        table = Table(id, name, json.dumps(description, ensure_ascii=False, allow_nan=False), now())
        await run_in_threadpool(self._publish, columns, table, also)
        return table

    def _publish(self, columns: Path, table: Table, also: Callable[[Transaction], None]) -> None:
        place = self._store.table_folder(table.id)
        with self._store.database.read() as reader:
            if table.id not in tables.ids(reader):
                files.remove_folder(place)  # left by a crash
        files.publish_folder(columns, place)
        try:
            with self._store.database.write() as transaction:
                tables.put_back(transaction, table)
                also(transaction)
        except BaseException:
            files.remove_folder(place)
            raise


async def _importer(request: Request) -> Importer:
    importer: Importer = request.app.state.importer
    return importer


TheImporter = Annotated[Importer, Depends(_importer)]
