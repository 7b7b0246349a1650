"""Records a stacked program: where each number of a tile stands, which operations work on it, who tells whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.layout import Layout
from engine.program import TASK, Program
from engine.tape.library import DEAF, LOSSES, Goal, Input, Merge, Operation
from engine.tape.recorders import RECORDERS
from engine.tape.telling import Span, Telling
from engine.tape.tile import Groups, Tile

if TYPE_CHECKING:
    from engine.plan import Plan


@dataclass(frozen=True)
class Recorded:
    """What works on rows, or on groups of rows. zeroed: pairs (at, width) of feedback to begin with nothing.

    numbers, winners: how many a row has; by_row: numbers of a whole tile, kept row by row; multiplications: of a row.
    """

    operations: Sequence[Operation]
    inputs: Sequence[Input]
    zeroed: NDArray[np.int32]
    numbers: int
    winners: int
    by_row: int
    multiplications: int


@dataclass(frozen=True)
class Recording:
    """A program as the C function reads it. groups: None where rows are not grouped; merges: what makes one of many.

    spans: by slot, where it stands in the tile; where examples are groups, by slot of those.
    """

    rows: Recorded
    groups: Recorded | None
    merges: Sequence[Merge]
    goals: Sequence[Goal]
    tile_rows: int
    spans: Mapping[int, Span]


class Unrecorded(Exception):
    """Says what the tape does not know: a primitive, a loss, an optimiser, groups. The callbacks train then."""


def goals(plan: Plan) -> list[Goal]:
    """What each voice is compared with: a column of targets of its own. Raises Unrecorded."""
    targets = [voice.target for voice in plan.voices]
    if any(target.loss not in LOSSES for target in targets):
        raise Unrecorded("loss")
    return [
        Goal(loss=LOSSES.index(target.loss), column=place, extra=target.extra) for place, target in enumerate(targets)
    ]


def record(
    program: Program,
    layout: Layout,
    goals: Sequence[Goal],
    slots: Sequence[int],
    tile_rows: int,
    *,
    grouped: bool = False,
    aloud: bool = False,
) -> Recording:
    """Records a program whose goals stand at these slots. Raises Unrecorded.

    layout: where the parameters of each step stand. grouped: whether its examples are groups of rows.
    aloud: whether all feedback is told, even where nobody learns from it.
    """
    rows = Tile(program.widths[TASK], layout, tile_rows)
    groups = Groups(rows) if grouped else None
    for slot, step in enumerate(program.steps, 1):
        recorder = RECORDERS.get(type(step.primitive).__name__)
        if recorder is None:
            raise Unrecorded(type(step.primitive).__name__)
        of_groups = not step.primitive.row_by_row or (groups and step.inputs[0] in groups.spans)
        level = groups if of_groups else rows
        if level is None:
            raise Unrecorded("groups, where the examples are rows")
        level.spans[slot] = recorder(level, step, step.primitive, program.widths[slot])
    for goal, slot in zip(goals, slots, strict=True):
        span = (groups or rows).spans[slot]
        goal.at, goal.width = span.at, span.width
    return _settled(rows, groups, goals, [Span(0, rows.numbers)] if aloud else [])


def _settled(rows: Tile, groups: Groups | None, goals: Sequence[Goal], wanted: Sequence[Span]) -> Recording:
    """Feedback goes from the goals through the groups to the rows, where there are any."""
    below = Telling(rows.entries, rows.numbers, wanted)
    merges = groups.merges if groups else []
    wanted = [Span(merge.at, merge.width) for merge in merges if below.wants(_merged(merge))]
    telling = Telling(groups.entries, groups.numbers, wanted) if groups else below
    for goal in goals:
        goal.telling = telling.arrive(Span(goal.at, goal.width))
    above = _recorded(groups, telling) if groups else None
    for merge in merges:
        merge.telling = below.arrive(_merged(merge)) if below.wants(_merged(merge)) else DEAF
    return Recording(_recorded(rows, below), above, merges, goals, rows.tile_rows, (groups or rows).spans)


def _recorded(tile: Tile, telling: Telling) -> Recorded:
    operations, inputs = telling.settle()
    for span in filter(telling.wants, tile.given):
        telling.begin_with_nothing(span)
    zeroed = np.array(telling.zeroed, np.int32).reshape(-1, 2)
    sizes = tile.numbers, tile.winners, tile.by_row, tile.multiplications
    return Recorded(operations, inputs, zeroed, *sizes)


def _merged(merge: Merge) -> Span:
    """The numbers of rows that are made those of groups."""
    return Span(merge.source, merge.width)
