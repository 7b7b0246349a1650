"""What an estimate is compared with: a column, how it is brought to the team's own scale, and how a result is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine import preparation
from engine.arrays import RowIds, Rows, Vector
from engine.errors import DataRefused
from engine.fields import AUTO
from engine.loss import CHANCE, CLASSES, RATE, VALUE, Loss, catalogue
from engine.preparation import MOST_CATEGORIES, PreparedColumn
from engine.primitives.curve import sigmoid
from engine.table import CODED, Column, Table
from engine.unit import AS_IT_IS, Unit


@dataclass(frozen=True)
class Target:
    """A target column.

    center, scale: a value is (value - center) / scale for the team.
    loss, extra: the name of the loss, and its extra number. classes: what the column's codes stand for.
    low, high: the least and the greatest value that was learnt from, in the column's units; None where nobody knows.
    """

    column: str
    center: float = 0.0
    scale: float = 1.0
    loss: str = "squared"
    extra: float = 0.0
    classes: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None

    @property
    def kind(self) -> Loss:
        """The loss itself."""
        return catalogue()[self.loss]

    @property
    def width(self) -> int:
        """How many numbers an estimate of it has: one, or one a class."""
        return len(self.classes) if self.kind.told == CLASSES else 1

    @property
    def loss_unit(self) -> float:
        """What a loss on the team's own scale is multiplied by to be one in the target's units."""
        return float(self.scale**self.kind.power)

    def rows(self, result: Rows, target: Vector) -> Vector:
        """The loss of each row."""
        return self.kind.rows(result, target, self.extra)

    def feedback(self, result: Rows, target: Vector) -> Rows:
        """The gradient of each row's loss by its result."""
        return self.kind.feedback(result, target, self.extra)

    def values(self, table: Table) -> NDArray[np.float64]:
        """The column on the team's own scale; NaN where it is missing, the place of the class for classes."""
        column, stored = table.column(self.column), table.data[self.column]
        if column.type not in CODED:
            return np.asarray((np.asarray(stored, np.float64) - self.center) / self.scale)
        places = {name: place for place, name in enumerate(self.classes)}
        coded = np.array([places.get(name, np.nan) for name in column.categories] + [np.nan])
        values: NDArray[np.float64] = coded[np.asarray(stored)]
        return values

    def told(self, result: Rows) -> Rows:
        """Results as people are told them: rows x width. Values, chances, rates, or chances of each class."""
        if self.kind.told == VALUE:
            return self.center + self.scale * result
        if self.kind.told == CHANCE:
            return np.asarray(sigmoid(result)[0])
        if self.kind.told == RATE:
            return np.exp(np.minimum(result, 700))
        weights = np.exp(result - result.max(axis=1, keepdims=True))
        return np.asarray(weights / weights.sum(axis=1, keepdims=True))

    def answers(self, result: Rows) -> list[Any]:
        """The same as JSON: a number a row, or the likeliest class with the chances of all."""
        told = self.told(result)
        if not self.classes:
            return list(told[:, 0].tolist())
        chances = self.chances(told)
        likeliest = chances.argmax(axis=1)
        return [
            {"value": self.classes[place], "chances": dict(zip(self.classes, row, strict=True))}
            for place, row in zip(likeliest, chances.tolist(), strict=True)
        ]

    def chances(self, told: Rows) -> Rows:
        """The chance of each class (rows x classes), or of no and of yes, out of what is told."""
        return np.hstack([1 - told, told]) if self.kind.told == CHANCE else told

    def decided(self, result: Rows) -> tuple[list[Any], list[float] | None]:
        """What each row comes to: a number, or the likeliest class or yes or no with its chance."""
        told = self.told(result)
        if self.kind.told not in (CHANCE, CLASSES):
            return list(told[:, 0].tolist()), None
        chances = self.chances(told)
        likeliest = chances.argmax(axis=1)
        return [self.called(place) for place in likeliest], list(chances.max(axis=1).tolist())

    def named(self, targets: Vector) -> list[Any]:
        """The column's values on the team's own scale as people know them: numbers, classes, or yes and no."""
        if self.kind.told in (CHANCE, CLASSES):
            return [self.called(int(place)) for place in targets]
        return list((self.center + self.scale * targets).tolist())

    def called(self, place: int) -> str | bool:
        """The class at a place, or whether it is yes."""
        return self.classes[place] if self.classes else bool(place)


def unit_of(target: Target) -> Unit:
    """In which unit the estimate of a target is told: chances and rates are worked out from it as it is."""
    return Unit(target.scale, target.center) if target.kind.told == VALUE else AS_IT_IS


def fit_target(
    table: Table, name: str, rows: RowIds, *, loss: str = AUTO, extra: float = 0.0, standardise: bool = True
) -> Target:
    """How a target column is brought to the team's scale, measured on these rows. Raises DataRefused."""
    column = table.column(name)
    chosen = loss_for(column, table, name, rows, loss)
    if column.type in CODED:
        return Target(name, loss=chosen, classes=_classes(table, column, rows))
    values = np.asarray(table.data[name])[rows]
    if catalogue()[chosen].told != VALUE:
        _check_range(name, values, chosen)
        return Target(name, loss=chosen, extra=extra)
    found = preparation.fit_number(name, column.type, values, standardise=standardise)
    known = values[np.isfinite(values)]
    if isinstance(found, PreparedColumn):
        return Target(name, found.center, found.scale, chosen, extra, (), float(known.min()), float(known.max()))
    if not len(known) or "too large" in found.reason:
        raise DataRefused(f"Target '{name}' cannot be learnt: {found.reason}. Choose another target.")
    return Target(name, float(known[0]), 1.0, chosen, extra, (), float(known[0]), float(known[0]))


def loss_for(column: Column, table: Table, name: str, rows: RowIds, loss: str) -> str:
    """The loss that suits a column, unless one was asked for. Raises DataRefused where that one cannot be."""
    if column.type in CODED:
        count = len(_classes(table, column, rows))
        if loss not in (AUTO, "logistic", "cross_entropy") or (loss == "logistic" and count > 2):
            raise DataRefused(f"Target '{name}' holds texts, which the {loss} loss cannot compare. Choose auto.")
        return "logistic" if count <= 2 and loss != "cross_entropy" else "cross_entropy"
    if loss == "cross_entropy":
        raise DataRefused(f"Target '{name}' holds numbers; the cross-entropy compares classes. Choose auto.")
    return ("logistic" if column.type == "boolean" else "squared") if loss == AUTO else loss


def _classes(table: Table, column: Column, rows: RowIds) -> tuple[str, ...]:
    """The values that occur, in the column's order."""
    codes = np.asarray(table.data[column.name])[rows]
    present = np.unique(codes[codes >= 0])
    if not 2 <= len(present) <= MOST_CATEGORIES or column.type == "text":
        many = f"{len(present):,} different value{'' if len(present) == 1 else 's'} in the rows to learn from"
        raise DataRefused(
            f"Target '{column.name}' has {many}; from 2 to {MOST_CATEGORIES} can be told apart. Choose another target."
        )
    return tuple(column.categories[code] for code in present)


def _check_range(name: str, values: NDArray[np.floating], loss: str) -> None:
    known = values[np.isfinite(values)]
    if loss == "logistic" and not np.isin(known, (0, 1)).all():
        raise DataRefused(
            f"Target '{name}' holds other numbers than 0 and 1; the logistic loss wants yes or no. Choose auto."
        )
    if loss == "poisson" and (known < 0).any():
        raise DataRefused(f"Target '{name}' holds numbers below zero; the Poisson loss wants counts. Choose auto.")
