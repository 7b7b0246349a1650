"""Everything that outlives the server: one folder with a database, tables as columns, and logs of runs.

data_dir/
    backchannel.db       tables, graphs, runs, models
    tables/ID/           the columns of a table
    incoming/            uploads on their way
    runs/ID/log.db       what a run reported; its checkpoints lie beside it
    lock                 held by the server that works here
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app import files
from app.errors import StoreError
from app.store import runs, tables
from app.store.database import Database, Reader, Transaction
from app.store.ids import is_id, new_id
from app.store.migrations import migrate, steps
from app.store.runlog import RunLog

__all__ = ["Database", "Reader", "RunLog", "Store", "Transaction", "is_id", "new_id", "open_store"]


@dataclass(frozen=True)
class Store:
    """An open data folder."""

    folder: Path
    database: Database

    @property
    def tables_folder(self) -> Path:
        return self.folder / "tables"

    @property
    def runs_folder(self) -> Path:
        return self.folder / "runs"

    def table_folder(self, id: str) -> Path:
        return self.tables_folder / _as_name(id)

    def run_folder(self, id: str) -> Path:
        return self.runs_folder / _as_name(id)

    def run_log(self, id: str) -> RunLog:
        """The log of a run, made where there is none. Close it."""
        return RunLog(self.run_folder(id) / "log.db")


@contextmanager
def open_store(folder: Path) -> Iterator[Store]:
    """Hold a data folder, bring it up to date and clear away what a crash left. Raises StoreError."""
    _make(folder)
    with files.held(folder):
        path = folder / "backchannel.db"
        found = migrate(path, steps())
        files.sync_folder(folder)
        store = Store(folder, Database(path))
        try:
            _sweep(store, new=found == 0)
            yield store
        finally:
            store.database.close()


def _make(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (folder / "lock").touch(mode=0o600)
    except OSError as error:
        why = (error.strerror or "unknown").lower()
        raise StoreError(
            f"The folder {folder} cannot be written to ({why}). Choose another with --data-dir."
        ) from error


def _sweep(store: Store, *, new: bool) -> None:
    """Beside a new database folders stay: someone may be about to put back a copy of the old one."""
    for folder in (store.tables_folder, store.runs_folder):
        folder.mkdir(mode=0o700, exist_ok=True)
    with store.database.read() as reader:
        known = (tables.ids(reader), runs.ids(reader))
    files.sweep(store.folder, None)
    files.sweep(store.tables_folder, None if new else known[0])
    files.sweep(store.runs_folder, None if new else known[1])


def _as_name(id: str) -> str:
    if not is_id(id):
        raise ValueError(f"{id!r} is no id, so it names no folder.")
    return id
