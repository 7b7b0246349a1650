"""Records a stacked program: where each number of a tile stands, which operations work on it, who tells whom."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engine.layout import LANES, Layout, padded
from engine.primitive import Primitive
from engine.program import TASK, Program, Step
from engine.stacked import HIGHEST, LOWEST, NONE, Blend, Team
from engine.tape.library import CURVES, DEAF, LOSSES, MERGES, REDUCTIONS, Goal, Input, Merge, Operation
from engine.tape.telling import Entry, Span, Telling

if TYPE_CHECKING:
    from engine.plan import Plan
    from engine.primitives.affine import Affine
    from engine.primitives.choose import Choose
    from engine.primitives.clip import Clip
    from engine.primitives.curve import Curve
    from engine.primitives.extreme import Extreme
    from engine.primitives.mask import Mask
    from engine.primitives.normalise import Normalise
    from engine.primitives.pick import Pick
    from engine.primitives.reduce import Reduce
    from engine.primitives.scale import Scale
    from engine.primitives.spline import Spline


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

    spans: by slot of rows, where it stands in the tile.
    """

    rows: Recorded
    groups: Recorded | None
    merges: Sequence[Merge]
    goals: Sequence[Goal]
    tile_rows: int
    spans: Mapping[int, Span]


class Unrecorded(Exception):
    """A primitive that the tape does not know; the callbacks train then."""


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
    rows = _Recorder(program.widths[TASK], layout, tile_rows)
    groups = _Groups(rows) if grouped else None
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


def _settled(rows: _Recorder, groups: _Groups | None, goals: Sequence[Goal], wanted: Sequence[Span]) -> Recording:
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
    return Recording(_recorded(rows, below), above, merges, goals, rows.tile_rows, rows.spans)


def _recorded(recorder: _Recorder, telling: Telling) -> Recorded:
    operations, inputs = telling.settle()
    for span in filter(telling.wants, recorder.given):
        telling.begin_with_nothing(span)
    zeroed = np.array(telling.zeroed, np.int32).reshape(-1, 2)
    sizes = recorder.numbers, recorder.winners, recorder.by_row, recorder.multiplications
    return Recorded(operations, inputs, zeroed, *sizes)


def _merged(merge: Merge) -> Span:
    """The numbers of rows that are made those of groups."""
    return Span(merge.source, merge.width)


class _Recorder:
    """Gives everything that works on rows its place.

    gathered: how many numbers of a row are brought in. as_gathered: where they stand, and copies of all of them.
    """

    def __init__(self, gathered: int, layout: Layout, tile_rows: int) -> None:
        self.gathered, self.layout, self.tile_rows = gathered, layout, tile_rows
        self.spans: dict[int, Span] = {TASK: Span(0, gathered)}
        self.as_gathered = {self.spans[TASK]}
        self.given: list[Span] = []
        self.numbers = gathered
        self.winners = 0
        self.by_row = tile_rows * padded(gathered)
        self.multiplications = 0
        self.entries: list[Entry] = []

    def entry(self, code: str, inputs: Sequence[Span], width: int, learns: bool = False, **fields: Any) -> Span:
        result = Span(self.take(width), width)
        self.entries.append(Entry(code, inputs, result, learns, fields))
        return result

    def take(self, width: int) -> int:
        """Room for some numbers of the tile."""
        self.numbers += width
        return self.numbers - width

    def read(self, step: Step) -> list[Span]:
        return [self.spans[slot] for slot in step.inputs]

    def take_winners(self, width: int) -> int:
        self.winners += width
        return self.winners - width


class _Groups(_Recorder):
    """The same for what works on groups: given: what rows are made, which feedback is wanted on if any."""

    def __init__(self, rows: _Recorder) -> None:
        super().__init__(0, rows.layout, rows.tile_rows)
        self.rows, self.spans = rows, {}
        self.by_row = LANES  # a task that stands row by row at 0 is that of the rows as they were gathered
        self.merges: list[Merge] = []


def _team(record: _Recorder, step: Step, primitive: Team | Affine, width: int) -> Span:
    team = primitive if isinstance(primitive, Team) else Team(1, primitive.outputs, NONE)
    (task,) = record.read(step)
    weights = record.layout.places[step.parameters[0]]
    bias = record.layout.places[step.parameters[1]].offset if len(step.parameters) > 1 else -1
    gathered = task in record.as_gathered
    rows_at = 0 if gathered else record.by_row
    record.by_row += 0 if gathered else 3 * record.tile_rows * weights.stride
    pieces = team.pieces * team.units
    record.multiplications += pieces * task.width * (3 if task.at >= record.gathered else 2)
    fields: dict[str, Any] = {
        "pieces": team.pieces,
        "units": team.units,
        "reduce": REDUCTIONS.index(team.reduce),
        "softens": team.softens,
        "aux": record.take(pieces) if team.reduce != NONE else 0,
        "winners": record.take_winners(team.units) if team.reduce in (HIGHEST, LOWEST) else 0,
        "rows_at": rows_at,
        "weights": weights.offset,
        "bias": bias,
        "stride": weights.stride,
    }
    return record.entry("team", [Span(task.at, task.width, team.factor)], width, learns=True, **fields)


def _blend(record: _Recorder, step: Step, primitive: Blend, width: int) -> Span:
    spans = record.read(step)
    parts = [Span(spans[place].at + first, width, factor) for place, first, factor in primitive.parts]
    return record.entry("blend", parts, width)


def _add(record: _Recorder, step: Step, primitive: Primitive, width: int) -> Span:
    return record.entry("blend", record.read(step), width)


def _scale(record: _Recorder, step: Step, primitive: Scale, width: int) -> Span:
    (task,) = record.read(step)
    return record.entry("blend", [Span(task.at, task.width, primitive.factor)], width)


def _extreme(record: _Recorder, step: Step, primitive: Extreme, width: int) -> Span:
    fields: dict[str, Any] = {
        "reduce": REDUCTIONS.index(HIGHEST if primitive.highest else LOWEST),
        "softens": primitive.softens,
        "aux": record.take(width * len(step.inputs)),
        "winners": record.take_winners(width),
    }
    return record.entry("extreme", record.read(step), width, **fields)


def _pick(record: _Recorder, step: Step, primitive: Pick, width: int) -> Span:
    """Numbers that stand together are read where they stand; others are copied, run by run."""
    (task,) = record.read(step)
    runs: list[Span] = []
    for place in primitive.places:
        if runs and runs[-1].at + runs[-1].width == task.at + place:
            runs[-1] = Span(runs[-1].at, runs[-1].width + 1)
        else:
            runs.append(Span(task.at + place, 1))
    return runs[0] if len(runs) == 1 else record.entry("copy", runs, width)


def _concatenate(record: _Recorder, step: Step, primitive: Primitive, width: int) -> Span:
    parts = record.read(step)
    result = record.entry("copy", parts, width)
    if len(parts) == 1 and parts[0] in record.as_gathered:
        record.as_gathered.add(result)
    return result


def _constant(record: _Recorder, step: Step, primitive: Primitive, width: int) -> Span:
    """A team of workers that look at nothing have nothing but their biases."""
    bias = record.layout.places[step.parameters[0]].offset
    fields: dict[str, Any] = {"pieces": 1, "units": width, "reduce": REDUCTIONS.index(NONE), "bias": bias}
    return record.entry("team", [Span(0, 0)], width, learns=True, **fields)


def _clip(record: _Recorder, step: Step, primitive: Clip, width: int) -> Span:
    return record.entry("clip", record.read(step), width, low=primitive.low, high=primitive.high)


def _curve(record: _Recorder, step: Step, primitive: Curve, width: int) -> Span:
    return record.entry("curve", record.read(step), width, kind=CURVES.index(primitive.bend), aux=record.take(width))


def _spline(record: _Recorder, step: Step, primitive: Spline, width: int) -> Span:
    heights = record.layout.places[step.parameters[0]]
    fields: dict[str, Any] = {"weights": heights.offset, "stride": heights.stride, "aux": record.take(width)}
    fields |= {"knots": primitive.knots, "high": primitive.reach}
    return record.entry("spline", record.read(step), width, learns=True, **fields)


def _mask(record: _Recorder, step: Step, primitive: Mask, width: int) -> Span:
    fields: dict[str, Any] = {"low": primitive.rate, "salt": primitive.salt, "aux": record.take(width)}
    return record.entry("mask", record.read(step), width, **fields)


def _multiply(record: _Recorder, step: Step, primitive: Primitive, width: int) -> Span:
    return record.entry("multiply", record.read(step), width, aux=record.take(width * len(step.inputs)))


def _softmax(record: _Recorder, step: Step, primitive: Primitive, width: int) -> Span:
    return record.entry("softmax", record.read(step), width)


def _normalise(record: _Recorder, step: Step, primitive: Normalise, width: int) -> Span:
    scale, shift = (record.layout.places[place].offset for place in step.parameters)
    fields: dict[str, Any] = {"weights": scale, "bias": shift, "low": primitive.epsilon, "aux": record.take(width + 1)}
    return record.entry("normalise", record.read(step), width, learns=True, **fields)


def _choose(record: _Recorder, step: Step, primitive: Choose, width: int) -> Span:
    fields: dict[str, Any] = {"softens": primitive.softens, "aux": record.take(len(step.inputs) - 1 + width)}
    return record.entry("choose", record.read(step), width, winners=record.take_winners(1), **fields)


def _median(record: _Recorder, step: Step, primitive: Primitive, width: int) -> Span:
    return record.entry("median", record.read(step), width, aux=record.take(width * len(step.inputs)))


def _agree(record: _Recorder, step: Step, primitive: Primitive, width: int) -> Span:
    return record.entry("agree", record.read(step), width, aux=record.take(width * len(step.inputs)))


def _weigh(record: _Recorder, step: Step, primitive: Primitive, width: int) -> Span:
    scores = record.layout.places[step.parameters[0]].offset
    room = -(-len(step.inputs) // LANES)
    return record.entry("weigh", record.read(step), width, learns=True, weights=scores, aux=record.take(room))


def _reduce(record: _Groups, step: Step, primitive: Reduce, width: int) -> Span:
    (task,) = record.rows.read(step)
    result, winners = Span(record.take(width), width), record.take_winners(width)
    record.merges.append(Merge(MERGES.index(primitive.how), task.at, result.at, width, winners))
    record.given.append(result)
    return result


RECORDERS: Mapping[str, Callable[[Any, Step, Any, int], Span]] = {
    "Team": _team,
    "Affine": _team,
    "Constant": _constant,
    "Blend": _blend,
    "Add": _add,
    "Scale": _scale,
    "Extreme": _extreme,
    "Pick": _pick,
    "Concatenate": _concatenate,
    "Clip": _clip,
    "Curve": _curve,
    "Spline": _spline,
    "Mask": _mask,
    "Multiply": _multiply,
    "Softmax": _softmax,
    "Normalise": _normalise,
    "Choose": _choose,
    "Median": _median,
    "Weigh": _weigh,
    "AverageChance": _agree,
    "Reduce": _reduce,
}
"""By the name of the primitive's class: a primitive that no graph uses is not loaded to be compared with."""
