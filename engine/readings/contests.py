"""Who wins how many rows, where one of several is let through."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.arrays import RowIds, Vector
from engine.plan import Plan
from engine.primitive import Selective
from engine.readings.passes import Kept

MOST_NUMBERS = 1_024
"""Of which the winner is found, of one contest."""


class Contests:
    """All of a plan, out of what a pass keeps."""

    def __init__(self, plan: Plan, kept: Kept, shown_at: Sequence[RowIds]) -> None:
        """shown_at: by slot, the rows whose winners are told one by one."""
        self._contests = list(_found(plan, kept, shown_at))

    def of(self, numbers: Vector) -> tuple[dict[tuple[str, str], float], dict[str, list[str]]]:
        """By source and target node, the share of rows that the source wins; by target, each shown row's winner."""
        wins: dict[tuple[str, str], float] = {}
        winners = {}
        for contest in self._contests:
            nodes, first = contest.nodes, contest.first
            judged = [numbers[places] for places in contest.judged]
            chosen = contest.primitive.winners([*judged, *numbers[contest.contenders]])
            shares = np.bincount(chosen.ravel("K"), minlength=len(nodes)) / chosen.size
            wins.update(zip(contest.pairs, shares[first:].round(4).tolist(), strict=True))
            winners[contest.node] = [nodes[place] for place in chosen[contest.shown, 0].tolist()]
        return wins, winners


@dataclass(frozen=True)
class _Contest:
    """A step that makes a node's result by letting one of several others win: who they are, and whose input is first.

    pairs: each contender beside the step's own node. judged: where what decides stands, if that is not the contenders
    themselves. contenders: where they stand, number x rows x columns, of many columns some that stand for all.
    shown: the rows whose winners are told.
    """

    node: str
    nodes: Sequence[str]
    pairs: Sequence[tuple[str, str]]
    first: int
    primitive: Selective
    judged: Sequence[NDArray[np.int64]]
    contenders: NDArray[np.int64]
    shown: RowIds


def _found(plan: Plan, kept: Kept, shown_at: Sequence[RowIds]) -> Iterator[_Contest]:
    for slot, step in enumerate(plan.program.steps, 1):
        if not isinstance(step.primitive, Selective):
            continue
        nodes, first = plan.sources(step), step.primitive.first_contender
        if all(nodes[first:]) and step.node in plan.units and plan.results[step.node] == slot:
            places, result = [kept.results[one].places() for one in step.inputs], kept.results[slot]
            apart = max(1, result.rows * result.width // MOST_NUMBERS)
            named = [str(node) for node in nodes]
            yield _Contest(
                step.node,
                named,
                [(node, step.node) for node in named[first:]],
                first,
                step.primitive,
                places[:first],
                np.array(places[first:])[:, :, ::apart],
                shown_at[slot],
            )
