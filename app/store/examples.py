"""Which examples were put in place once, so that one which a person deleted does not come back by itself."""

from __future__ import annotations

from app.store.database import Reader, Transaction


def seeded(reader: Reader) -> frozenset[str]:
    return frozenset(row[0] for row in reader.all("SELECT example_id FROM seeded"))


def note_seeded(transaction: Transaction, id: str, now: str) -> None:
    transaction.execute("INSERT OR IGNORE INTO seeded (example_id, created) VALUES (?, ?)", (id, now))
