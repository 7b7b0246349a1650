"""What each linear worker learnt, as a table: its workers side by side, and below one another what they may read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.formula import formulas
from engine.model import Model
from engine.preparation import PreparedColumn
from engine.table import CODED

Weights = Sequence[float | None]
"""Of each worker; None where it does not read this."""


@dataclass(frozen=True)
class Part:
    """One value of a category, or that a value was missing."""

    name: str
    weights: Weights


@dataclass(frozen=True)
class Read:
    """One column of the table. A category has no weights of its own: its values have them."""

    column: str
    weights: Weights
    parts: Sequence[Part]


@dataclass(frozen=True)
class Formulas:
    workers: Sequence[str]
    biases: Sequence[float]
    columns: Sequence[Read]


def formulas_of(model: Model) -> Formulas:
    """All linear workers of the model that read the table, in its own units."""
    names = {node.id: node.name for node in model.plan.whole.nodes}
    found = formulas(model)
    weights = [formula["weights"] for formula in found.values()]
    used = set().union(*weights)
    columns = [column for column in model.plan.preparation.columns if used & set(column.names())]
    return Formulas(
        workers=[names[node] for node in found],
        biases=[formula["intercept"] for formula in found.values()],
        columns=[_read(column, weights) for column in columns],
    )


def _read(column: PreparedColumn, weights: Sequence[dict[str, float]]) -> Read:
    features = [[of.get(feature) for of in weights] for feature in column.names()]
    own = [] if column.type in CODED else features.pop(0)
    names = [*column.categories, "was missing"] if column.type in CODED else ["was missing"]
    return Read(column.name, own, [Part(name, of) for name, of in zip(names, features, strict=False)])
