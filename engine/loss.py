"""What a loss is: how far an estimate is from the target, and how that changes with the estimate."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache

from engine.arrays import Rows, Vector
from engine.discovery import Found

VALUE, CHANCE, CLASSES, RATE = "value", "chance", "classes", "rate"


@dataclass(frozen=True, kw_only=True)
class Loss:
    """A loss, row by row.

    name: that of its file.
    rows: result (rows x width), target (rows), extra -> the loss of each row (rows).
    feedback: the same -> the gradient of each row's loss by its result (rows x width).
    constant: target, extra, width of the result -> the one result (width) that does best for all of them.
    power: how the loss grows with the unit of the target: 2 for a square, 0 where the target has no unit.
    extra: the setting that the last argument comes from, such as a quantile.
    told: what the result is: a value; the score of a chance; scores of classes; the logarithm of a rate.
    """

    name: str = ""
    title: str
    help: str
    rows: Callable[[Rows, Vector, float], Vector]
    feedback: Callable[[Rows, Vector, float], Rows]
    constant: Callable[[Vector, float, int], Vector]
    power: int
    extra: str = ""
    told: str = VALUE


@cache
def catalogue() -> Mapping[str, Loss]:
    """Every loss there is, by name of its file."""
    return Found("engine.losses", "loss", lambda name, found: replace(found, name=name))
