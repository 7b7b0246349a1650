"""What the store keeps beside graphs, and what lists and restored examples ask of it."""

from __future__ import annotations

import pytest

from app.store import Store, examples, graphs, models, tables
from app.store.graphs import Setup
from app.store.models import Model, ModelHead
from app.store.tables import Table, TableHead

NOW, LATER = "2026-11-22T00:00:00.000000Z", "2026-11-22T00:00:01.000000Z"
TABLE = Table("projects", "Projects", '{"rows": 3, "columns": [{"name": "a"}, {"name": "b"}]}', NOW)


@pytest.fixture
def filled(store: Store) -> Store:
    with store.database.write() as transaction:
        tables.add(transaction, TABLE)
        graphs.add(transaction, "g", "One", "{}", NOW)
    return store


def test_a_graph_has_a_blank_setup_until_one_is_chosen(filled: Store) -> None:
    chosen = Setup("projects", "b", '{"epochs": 3}', '{"seconds": 12}')
    with filled.database.write() as transaction:
        assert graphs.setup_of(transaction, "g") == Setup()
        assert graphs.choose_setup(transaction, "g", chosen)
        assert graphs.setup_of(transaction, "g") == chosen
        assert graphs.choose_setup(transaction, "g", Setup(target="a"))
        assert graphs.setup_of(transaction, "g") == Setup(target="a")


def test_a_setup_needs_a_graph_and_goes_with_it(filled: Store) -> None:
    with filled.database.write() as transaction:
        assert not graphs.choose_setup(transaction, "absent", Setup())
        assert graphs.setup_of(transaction, "absent") is None
        graphs.choose_setup(transaction, "g", Setup("projects"))
        graphs.delete(transaction, "g", expected=None)
        graphs.add(transaction, "g", "Another", "{}", LATER)
        assert graphs.setup_of(transaction, "g") == Setup()


def test_a_setup_forgets_a_table_that_was_deleted(filled: Store) -> None:
    with filled.database.write() as transaction:
        graphs.choose_setup(transaction, "g", Setup("projects", "b"))
        tables.delete(transaction, "projects", LATER)
        assert graphs.setup_of(transaction, "g") == Setup(None, "b")


def test_tables_are_listed_with_their_size(filled: Store) -> None:
    with filled.database.write() as transaction:
        tables.add(transaction, Table("later", "Later", '{"rows": 0, "columns": []}', LATER))
        assert tables.newest(transaction) == [
            TableHead("later", "Later", LATER, 0, 0),
            TableHead("projects", "Projects", NOW, 3, 2),
        ]
        assert [head.id for head in tables.newest(transaction, limit=1, offset=1)] == ["projects"]
        tables.delete(transaction, "later", LATER)
        assert [head.id for head in tables.newest(transaction)] == ["projects"]


def test_a_deleted_table_can_be_put_back(filled: Store) -> None:
    again = Table("projects", "Projects again", "{}", LATER)
    with filled.database.write() as transaction:
        tables.delete(transaction, "projects", LATER)
        tables.put_back(transaction, again)
        assert tables.get(transaction, "projects") == again
        tables.put_back(transaction, Table("new", "New", "{}", LATER))
        assert tables.ids(transaction) == {"projects", "new"}


def test_an_example_is_noted_once(store: Store) -> None:
    with store.database.write() as transaction:
        assert examples.seeded(transaction) == frozenset()
        examples.note_seeded(transaction, "california", NOW)
        examples.note_seeded(transaction, "california", LATER)
        assert examples.seeded(transaction) == {"california"}


def test_a_model_is_renamed_and_its_document_stays(store: Store) -> None:
    with store.database.write() as transaction:
        models.add(transaction, Model("m", "First", NOW, None, '{"a":0.1}'))
        assert models.rename(transaction, "m", "Best") == ModelHead("m", "Best", NOW, None)
        assert models.head(transaction, "m") == ModelHead("m", "Best", NOW, None)
        assert models.get(transaction, "m") == Model("m", "Best", NOW, None, '{"a":0.1}')
        assert models.rename(transaction, "absent", "Best") is None
