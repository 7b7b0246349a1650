"""The first version: tables, graphs, runs with their commands, models."""

from app.store.database import Transaction

TABLES = """
CREATE TABLE tables (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    created TEXT NOT NULL,
    deleted TEXT
)
"""
GRAPHS = """
CREATE TABLE graphs (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    json TEXT NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0),
    created TEXT NOT NULL,
    updated TEXT NOT NULL
)
"""
RUNS = """
CREATE TABLE runs (
    id TEXT PRIMARY KEY,
    graph TEXT NOT NULL,
    graph_id TEXT REFERENCES graphs (id) ON DELETE SET NULL,
    table_id TEXT NOT NULL REFERENCES tables (id),
    target TEXT NOT NULL,
    settings TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'paused', 'stopping', 'finished', 'stopped',
                                         'diverged', 'failed', 'interrupted')),
    created TEXT NOT NULL,
    started TEXT,
    finished TEXT,
    step INTEGER NOT NULL DEFAULT 0 CHECK (step >= 0),
    score TEXT,
    problem TEXT
)
"""
COMMANDS = """
CREATE TABLE commands (
    run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    step INTEGER NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    created TEXT NOT NULL,
    PRIMARY KEY (run_id, number)
)
"""
MODELS = """
CREATE TABLE models (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    json TEXT NOT NULL,
    created TEXT NOT NULL,
    run_id TEXT REFERENCES runs (id) ON DELETE SET NULL
)
"""
INDEXES = (
    "CREATE INDEX runs_by_state ON runs (state)",
    "CREATE INDEX runs_by_table ON runs (table_id)",
    "CREATE INDEX runs_by_graph ON runs (graph_id)",
    "CREATE INDEX models_by_run ON models (run_id)",
)


def apply(transaction: Transaction) -> None:
    for statement in (TABLES, GRAPHS, RUNS, COMMANDS, MODELS, *INDEXES):
        transaction.execute(statement)
