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
class TableHead:
    """A table without its description, for lists."""

    id: str
    name: str
    created: str
    rows: int
    columns: int


@dataclass(frozen=True)
class InUse:
    """The runs, by id, that still need the table."""

    runs: tuple[str, ...]

    def __str__(self) -> str:
        count = "A run" if len(self.runs) == 1 else f"{len(self.runs)} runs"
        needs = "needs" if len(self.runs) == 1 else "need"
        return f"{count} still {needs} this table. Stop what runs or waits, then delete the table."


COLUMNS = ", ".join(field.name for field in fields(Table))
HEAD = "id, name, created, json_extract(description, '$.rows'), json_array_length(description, '$.columns')"


def add(transaction: Transaction, table: Table) -> None:
    values = (table.id, table.name, table.description, table.created, table.deleted)
    transaction.execute(f"INSERT INTO tables ({COLUMNS}) VALUES (?, ?, ?, ?, ?)", values)


def put_back(transaction: Transaction, table: Table) -> None:
    """Add a table, or let one that was deleted be there again, described anew. Its folder must be in place."""
    values = (table.id, table.name, table.description, table.created)
    transaction.execute(
        "INSERT INTO tables (id, name, description, created) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE "
        "SET name = excluded.name, description = excluded.description, created = excluded.created, deleted = NULL",
        values,
    )


def get(reader: Reader, id: str, *, even_deleted: bool = False) -> Table | None:
    row = reader.one(f"SELECT {COLUMNS} FROM tables WHERE id = ? AND (deleted IS NULL OR ?)", (id, even_deleted))
    return Table(*row) if row else None


def newest(reader: Reader, *, limit: int = 1000, offset: int = 0) -> list[TableHead]:
    """The last uploaded first."""
    sql = f"SELECT {HEAD} FROM tables WHERE deleted IS NULL ORDER BY created DESC, id LIMIT ? OFFSET ?"
    return [TableHead(*row) for row in reader.all(sql, (limit, offset))]


def names(reader: Reader) -> frozenset[str]:
    """What the tables are called."""
    return frozenset(row[0] for row in reader.all("SELECT name FROM tables WHERE deleted IS NULL"))


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
