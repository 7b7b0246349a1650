"""What a loss is: how far an estimate is from the target, and how that changes with the estimate."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from types import MappingProxyType

from engine.arrays import Rows, Vector
from engine.discovery import discover


@dataclass(frozen=True, kw_only=True)
class Loss:
    """A loss, row by row.

    name: that of its file.
    rows: result (rows x width), target (rows) -> the loss of each row (rows).
    feedback: the same -> the gradient of each row's loss by its result (rows x width).
    power: how the loss grows with the unit of the target: 2 for a square.
    """

    name: str = ""
    title: str
    help: str
    rows: Callable[[Rows, Vector], Vector]
    feedback: Callable[[Rows, Vector], Rows]
    power: int


@cache
def catalogue() -> Mapping[str, Loss]:
    """Every loss there is, by name of its file."""
    found = discover("engine.losses", "loss")
    return MappingProxyType({name: replace(loss, name=name) for name, loss in found.items()})
