"""What was last chosen to train a graph with, and which examples were put in place once."""

from app.store.database import Transaction

SETUPS = """
CREATE TABLE setups (
    graph_id TEXT PRIMARY KEY REFERENCES graphs (id) ON DELETE CASCADE,
    table_id TEXT REFERENCES tables (id),
    target TEXT,
    settings TEXT NOT NULL,
    pace TEXT
)
"""
SEEDED = """
CREATE TABLE seeded (
    example_id TEXT PRIMARY KEY,
    created TEXT NOT NULL
)
"""


def apply(transaction: Transaction) -> None:
    for statement in (SETUPS, SEEDED):
        transaction.execute(statement)
