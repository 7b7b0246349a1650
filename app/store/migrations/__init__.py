"""How a database of any older version becomes one of ours: numbered steps, each whole or not at all.

A step is a module `mNNNN_what_it_does.py` with `apply(transaction)`. Never change one that was released: add
the next. Foreign keys are not enforced while a step runs, so that it may rebuild tables; they are checked at
its end.
"""

from __future__ import annotations

import importlib
import pkgutil
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

from app.errors import NewerDatabase
from app.store.database import Transaction, connect, transaction

Step = Callable[[Transaction], None]


def steps() -> list[Step]:
    """Every step in order. Raises ValueError where the numbers have a gap."""
    names = sorted(found.name for found in pkgutil.iter_modules(__path__))
    if [int(name[1:5]) for name in names] != list(range(1, len(names) + 1)):
        raise ValueError(f"The migrations are not numbered 1, 2, 3 ...: {names}")
    found: list[Step] = [importlib.import_module(f"{__name__}.{name}").apply for name in names]
    return found


def migrate(path: Path, through: Sequence[Step]) -> int:
    """Bring the file to the newest version; several processes may do so at once.

    Returns the version that was found, 0 for a new file. Raises NewerDatabase.
    """
    with closing(connect(path)) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        found = _known_version(connection, path, len(through))
        for number in range(found + 1, len(through) + 1):
            with transaction(connection, "BEGIN IMMEDIATE"):
                if _known_version(connection, path, len(through)) < number:
                    _take(connection, through[number - 1], number)
    return found


def _take(connection: sqlite3.Connection, step: Step, number: int) -> None:
    step(Transaction(connection))
    if broken := connection.execute("PRAGMA foreign_key_check").fetchall():
        raise sqlite3.IntegrityError(f"Migration {number} leaves rows that point nowhere: {broken[:3]}")
    connection.execute(f"PRAGMA user_version = {number}")


def _known_version(connection: sqlite3.Connection, path: Path, newest: int) -> int:
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > newest:
        raise NewerDatabase(
            f"The database {path} is of version {version}; this program knows versions up to {newest}. "
            "Install the newer Backchannel that wrote it, or choose another folder with --data-dir."
        )
    return version
