"""The examples that a new server has in place: one file an example, found because it is there.

Each file offers `example`. Its id is the id of its graph and of its table in the store.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Example:
    """A graph with its table, ready to be trained.

    table: what the table is called. csv: its text, or what makes it. graph: graph JSON.
    settings, pace: as a graph's setup has them.
    sentences: three, on who takes part, what to watch, and what to see at the end.
    order: smaller ones stand first.
    """

    id: str
    order: int
    title: str
    table: str
    csv: str | Callable[[], str]
    graph: Mapping[str, Any]
    target: str
    settings: Mapping[str, Any]
    pace: Mapping[str, Any] | None
    sentences: tuple[str, str, str]

    def csv_text(self) -> str:
        """The table as a CSV file holds it."""
        return self.csv if isinstance(self.csv, str) else self.csv()


@cache
def catalogue() -> Mapping[str, Example]:
    """Every example by its id, in their order."""
    names = [f"{__name__}.{found.name}" for found in pkgutil.iter_modules(__path__)]
    examples: list[Example] = [importlib.import_module(name).example for name in names]
    return MappingProxyType({example.id: example for example in sorted(examples, key=lambda it: (it.order, it.id))})


def example_of(id: str) -> Example | None:
    """The example of this id, if there is one."""
    return catalogue().get(id)
