"""The columns of a table from which the form of a node offers one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.preparation import MOST_CATEGORIES
from engine.table import Table
from engine.targets import learnable


@dataclass(frozen=True)
class Choosable:
    """All columns but the target, which is named beside them.

    usual: those that everybody learns from; apart: those that are left out where no node names them; values: by
    column, what its values are, in their order. Numbers and free texts have none.
    """

    target: str
    usual: Sequence[str]
    apart: Sequence[str]
    values: Mapping[str, Sequence[str]]


def choosable(table: Table, target: str) -> Choosable:
    """What there is to choose from."""
    usual = learnable(table, {target})
    others = [column.name for column in table.columns if column.name not in (*usual, target)]
    values = {column.name: column.categories[:MOST_CATEGORIES] for column in table.columns if column.type == "category"}
    return Choosable(target, usual, others, values)
