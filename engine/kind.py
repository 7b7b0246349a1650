"""What a kind is: all that a palette entry says of itself. Everything else that knows kinds reads it from here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from engine import fields
from engine.discovery import Found
from engine.graph import Graph
from engine.program import Inputs, Recorder, TaskColumn
from engine.shown import Shown
from engine.unit import Unit


@dataclass(frozen=True)
class Port:
    """A place where wires arrive: at least `least`, at most `most` (None: any number).

    joins: whether what several bring stands side by side, so that one wire with all of it is the same.
    """

    name: str = "task"
    least: int = 1
    most: int | None = 1
    help: str = ""
    joins: bool = False


@dataclass(frozen=True)
class NoSettings:
    """For kinds that have nothing to set."""


@dataclass(frozen=True)
class Learning:
    """For kinds that learn: what can be set about it."""

    speed: float = fields.number(
        1.0,
        low=0,
        high=100,
        title="Learning speed",
        help="Its share of the learning rate; at 0 it stays as it is: as it was learnt where you train on, as it was "
        "drawn where you train anew.",
        advanced=True,
    )


@dataclass(frozen=True)
class Inside:
    """The graph that a node holds, and which of its nodes' results the node hands on.

    unit: how that result is told; None: as the node's own is. alone: whether the graph could stand by itself, with
    columns and estimates of its own. columns: how such a graph has the table's columns that it reads.
    """

    graph: Graph
    result: str
    unit: Unit | None = None
    alone: bool = False
    columns: Mapping[str, TaskColumn] = field(default_factory=dict)


ONE_TASK = (Port("task", 1, None, "What it works on. Several wires stand side by side.", joins=True),)
ESTIMATES = (Port("estimates", 2, None, "The estimates that it combines."),)


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One entry of the palette.

    family: the group of the palette that it stands in.
    help: one sentence on what it does.
    feedback: one sentence on what becomes of the feedback.
    formula: the result as a formula.
    lower: records the kind's primitives and returns the slot of its result.
    target_units: by port, how a result in the target's units asks its inputs to be: "same"; "shared", so that their
        offsets add up; or "offset-free". Inputs of other ports have no unit.
    results: whether wires can leave it.
    basic: whether it stands before the others of its family: what a newcomer meets first.
    inside: the graph that a node with these settings holds, for kinds whose nodes hold one. Raises GraphRefused or
        ModelRefused when it cannot be read.
    for_teams: whether it has its place in the graph of a team alone.
    example: settings that make sense for a table of these columns, beside these workers (ids): what tests sweep on.
    shown: what its picture in the handbook shows it with. at_times: the primitives that it is made of where its
        settings or the target ask for them.
    """

    title: str
    family: str
    help: str
    feedback: str
    formula: str = ""
    inputs: tuple[Port, ...]
    settings: type = NoSettings
    lower: Callable[[Any, Inputs, Recorder], int]
    target_units: Mapping[str, str] = field(default_factory=dict)
    results: bool = True
    basic: bool = False
    inside: Callable[[Mapping[str, Any]], Inside] | None = None
    for_teams: bool = False
    example: Callable[[Sequence[str], Sequence[str]], Mapping[str, Any]] = lambda columns, workers: {}
    shown: Shown = field(default_factory=Shown)
    at_times: tuple[str, ...] = ()

    def port(self, name: str | None) -> Port | None:
        """The port of this name; the first one for None."""
        if name is None:
            return self.inputs[0] if self.inputs else None
        return next((port for port in self.inputs if port.name == name), None)


@cache
def catalogue() -> Mapping[str, Kind]:
    """Every kind there is, by name, which is the name of its file; ordered as the palette shows them."""
    return Found("engine.kinds", "kind", order=_as_the_palette)


def _as_the_palette(kinds: Mapping[str, Kind]) -> list[str]:
    families = list(FAMILIES)

    def place(name: str) -> tuple[int, bool, str]:
        return families.index(kinds[name].family), not kinds[name].basic, kinds[name].title

    return sorted(kinds, key=place)


FAMILIES = {
    "table": "Table",
    "worker": "Workers",
    "combinator": "Combinators",
    "bend": "Bends",
    "team": "Teams",
    "estimate": "Estimates",
}
"""The groups of the palette, with their headings."""


def describe(name: str) -> dict[str, Any]:
    """The plain form of a kind, for the palette, the forms, the handbook and the API."""
    kind = catalogue()[name]
    return {
        "kind": name,
        "title": kind.title,
        "family": kind.family,
        "help": kind.help,
        "feedback": kind.feedback,
        "formula": kind.formula,
        "for_teams": kind.for_teams,
        "ports": {
            "inputs": [
                {"name": port.name, "least": port.least, "most": port.most, "help": port.help, "joins": port.joins}
                for port in kind.inputs
            ],
            "outputs": [{"name": "result"}] if kind.results else [],
        },
        "settings": {"fields": fields.describe(kind.settings), "schema": fields.schema(kind.settings)},
    }


__all__ = [
    "ESTIMATES",
    "FAMILIES",
    "ONE_TASK",
    "Inputs",
    "Inside",
    "Kind",
    "Learning",
    "NoSettings",
    "Port",
    "Shown",
    "catalogue",
    "describe",
]
