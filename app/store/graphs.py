"""Graphs as people draw them: JSON text with a version that grows by one with every change.

Beside each stands its setup: what was last chosen to train it with. It has no version, the last choice counts.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

from app.store.database import Reader, Transaction


@dataclass(frozen=True)
class GraphHead:
    """A graph without its JSON, for lists."""

    id: str
    name: str
    version: int
    created: str
    updated: str


@dataclass(frozen=True)
class Graph(GraphHead):
    """`json` is the text of the graph as `app.graph_json` let it in."""

    json: str


@dataclass(frozen=True)
class Conflict:
    """Someone else changed the graph first; `current` is theirs."""

    current: GraphHead


@dataclass(frozen=True)
class Setup:
    """What a graph was last trained with, or is to be; `settings` and `pace` are JSON text."""

    table_id: str | None = None
    target: str | None = None
    settings: str = "{}"
    pace: str | None = None


HEAD = ", ".join(field.name for field in fields(GraphHead))


def add(transaction: Transaction, id: str, name: str, json: str, now: str) -> Graph:
    transaction.execute(f"INSERT INTO graphs ({HEAD}, json) VALUES (?, ?, ?, ?, ?, ?)", (id, name, 1, now, now, json))
    return Graph(id, name, 1, now, now, json)


def get(reader: Reader, id: str) -> Graph | None:
    row = reader.one(f"SELECT {HEAD}, json FROM graphs WHERE id = ?", (id,))
    return Graph(*row) if row else None


def newest(reader: Reader, *, limit: int = 1000, offset: int = 0) -> list[GraphHead]:
    """The last changed first."""
    sql = f"SELECT {HEAD} FROM graphs ORDER BY updated DESC, id LIMIT ? OFFSET ?"
    return [GraphHead(*row) for row in reader.all(sql, (limit, offset))]


def names(reader: Reader) -> frozenset[str]:
    """What the graphs are called."""
    return frozenset(row[0] for row in reader.all("SELECT name FROM graphs"))


def update(
    transaction: Transaction, id: str, *, expected: int | None, name: str, json: str, now: str
) -> GraphHead | Conflict | None:
    """Write over the `expected` version, any version where that is None. None: there is no such graph."""
    found = _expect(transaction, id, expected)
    if not isinstance(found, GraphHead):
        return found
    sql = "UPDATE graphs SET name = ?, json = ?, version = ?, updated = ? WHERE id = ?"
    transaction.execute(sql, (name, json, found.version + 1, now, id))
    return GraphHead(id, name, found.version + 1, found.created, now)


def delete(transaction: Transaction, id: str, *, expected: int | None) -> GraphHead | Conflict | None:
    """The graph as it was. Runs keep their own copy of it."""
    found = _expect(transaction, id, expected)
    if isinstance(found, GraphHead):
        transaction.execute("DELETE FROM graphs WHERE id = ?", (id,))
    return found


def setup_of(reader: Reader, id: str) -> Setup | None:
    """The setup of a graph, a blank one where nothing was chosen yet. None: there is no such graph."""
    sql = """
        SELECT tables.id, setups.target, coalesce(setups.settings, '{}'), setups.pace FROM graphs
        LEFT JOIN setups ON setups.graph_id = graphs.id
        LEFT JOIN tables ON tables.id = setups.table_id AND tables.deleted IS NULL
        WHERE graphs.id = ?
    """
    row = reader.one(sql, (id,))
    return Setup(*row) if row else None


def choose_setup(transaction: Transaction, id: str, setup: Setup) -> bool:
    """Keep a setup in place of the one before. False: there is no such graph."""
    if transaction.one("SELECT 1 FROM graphs WHERE id = ?", (id,)) is None:
        return False
    transaction.execute(
        "INSERT OR REPLACE INTO setups (graph_id, table_id, target, settings, pace) VALUES (?, ?, ?, ?, ?)",
        (id, setup.table_id, setup.target, setup.settings, setup.pace),
    )
    return True


def _expect(transaction: Transaction, id: str, expected: int | None) -> GraphHead | Conflict | None:
    row = transaction.one(f"SELECT {HEAD} FROM graphs WHERE id = ?", (id,))
    if row is None:
        return None
    head = GraphHead(*row)
    return head if expected in (None, head.version) else Conflict(head)
