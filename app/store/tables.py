"""Uploaded tables: what is known of each. Its columns lie in a folder of the same id.

A table that a run still needs cannot be deleted. Otherwise its row stays, marked, so that finished runs can
still say what they learned from; its folder goes, because whoever deletes data wants it gone.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

from app.store.database import Reader, Transaction


@dataclass(frozen=True)
class Table:
    """`description` is JSON text: rows, columns, dialect, what was refused."""

    id: str
    name: str
    description: str
    created: str
    deleted: str | None = None


@dataclass(frozen=True)
class InUse:
    """The runs, by id, that still need the table."""

    runs: tuple[str, ...]

    def __str__(self) -> str:
        count = "A run" if len(self.runs) == 1 else f"{len(self.runs)} runs"
        needs = "needs" if len(self.runs) == 1 else "need"
        return f"{count} still {needs} this table. Stop what runs or waits, then delete the table."


COLUMNS = ", ".join(field.name for field in fields(Table))


def add(transaction: Transaction, table: Table) -> None:
    values = (table.id, table.name, table.description, table.created, table.deleted)
    transaction.execute(f"INSERT INTO tables ({COLUMNS}) VALUES (?, ?, ?, ?, ?)", values)


def get(reader: Reader, id: str, *, even_deleted: bool = False) -> Table | None:
    row = reader.one(f"SELECT {COLUMNS} FROM tables WHERE id = ? AND (deleted IS NULL OR ?)", (id, even_deleted))
    return Table(*row) if row else None


def newest(reader: Reader, *, limit: int = 1000, offset: int = 0) -> list[Table]:
    sql = f"SELECT {COLUMNS} FROM tables WHERE deleted IS NULL ORDER BY created DESC, id LIMIT ? OFFSET ?"
    return [Table(*row) for row in reader.all(sql, (limit, offset))]


def ids(reader: Reader) -> frozenset[str]:
    """The tables whose folders must be there."""
    return frozenset(row[0] for row in reader.all("SELECT id FROM tables WHERE deleted IS NULL"))


def rename(transaction: Transaction, id: str, name: str) -> Table | None:
    transaction.execute("UPDATE tables SET name = ? WHERE id = ? AND deleted IS NULL", (name, id))
    return get(transaction, id)


def delete(transaction: Transaction, id: str, now: str) -> Table | InUse | None:
    """The table as it was, None where there is none. Remove its folder after the commit."""
    table = get(transaction, id)
    if table is None:
        return None
    needed = "state IN ('queued', 'running', 'paused', 'stopping', 'interrupted')"
    runs = transaction.all(f"SELECT id FROM runs WHERE table_id = ? AND {needed} ORDER BY created", (id,))
    if runs:
        return InUse(tuple(row[0] for row in runs))
    transaction.execute("UPDATE tables SET deleted = ? WHERE id = ?", (now, id))
    return table
