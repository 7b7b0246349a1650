"""Trained models: JSON text that holds all of them, with the run that made it where one here did."""

from __future__ import annotations

from dataclasses import dataclass, fields

from app.store.database import Reader, Transaction


@dataclass(frozen=True)
class ModelHead:
    """A model without its JSON, for lists."""

    id: str
    name: str
    created: str
    run_id: str | None


@dataclass(frozen=True)
class Model(ModelHead):
    json: str


HEAD = ", ".join(field.name for field in fields(ModelHead))


def add(transaction: Transaction, model: Model) -> None:
    values = (model.id, model.name, model.created, model.run_id, model.json)
    transaction.execute(f"INSERT INTO models ({HEAD}, json) VALUES (?, ?, ?, ?, ?)", values)


def get(reader: Reader, id: str) -> Model | None:
    row = reader.one(f"SELECT {HEAD}, json FROM models WHERE id = ?", (id,))
    return Model(*row) if row else None


def newest(reader: Reader, *, limit: int = 1000, offset: int = 0) -> list[ModelHead]:
    sql = f"SELECT {HEAD} FROM models ORDER BY created DESC, id LIMIT ? OFFSET ?"
    return [ModelHead(*row) for row in reader.all(sql, (limit, offset))]


def of_run(reader: Reader, run_id: str) -> ModelHead | None:
    """The last model that a run made."""
    sql = f"SELECT {HEAD} FROM models WHERE run_id = ? ORDER BY created DESC, id LIMIT 1"
    row = reader.one(sql, (run_id,))
    return ModelHead(*row) if row else None


def head(reader: Reader, id: str) -> ModelHead | None:
    row = reader.one(f"SELECT {HEAD} FROM models WHERE id = ?", (id,))
    return ModelHead(*row) if row else None


def rename(transaction: Transaction, id: str, name: str) -> ModelHead | None:
    transaction.execute("UPDATE models SET name = ? WHERE id = ?", (name, id))
    return head(transaction, id)


def delete(transaction: Transaction, id: str) -> bool:
    return transaction.execute("DELETE FROM models WHERE id = ?", (id,)) == 1
