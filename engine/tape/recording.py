"""Records a stacked program: where each number of a tile stands, which operations work on it, who tells whom."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from engine.layout import LANES, Layout, padded
from engine.primitive import Primitive
from engine.program import TASK, Program, Step
from engine.stacked import HIGHEST, LOWEST, NONE, Blend, Team
from engine.tape.library import ADD, CODES, CURVES, DEAF, REDUCTIONS, SET, Goal, Input, Operation

if TYPE_CHECKING:
    from engine.primitives.affine import Affine
    from engine.primitives.choose import Choose
    from engine.primitives.clip import Clip
    from engine.primitives.curve import Curve
    from engine.primitives.extreme import Extreme
    from engine.primitives.mask import Mask
    from engine.primitives.pick import Pick
    from engine.primitives.scale import Scale
    from engine.primitives.spline import Spline


@dataclass(frozen=True)
class Span:
    """Some numbers of a tile that stand together, and what they are multiplied by where they are read."""

    at: int
    width: int
    factor: float = 1.0


@dataclass
class Entry:
    """One operation with its inputs, before it is known who tells whom."""

    code: str
    inputs: Sequence[Span]
    result: Span
    learns: bool = False
    fields: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Recording:
    """A program as the C function reads it. zeroed: pairs (at, width) of feedback to begin with nothing."""

    operations: Sequence[Operation]
    inputs: Sequence[Input]
    goals: Sequence[Goal]
    zeroed: NDArray[np.int32]
    numbers: int
    winners: int
    by_row: int
    tile_rows: int
    multiplications: int


class Unrecorded(Exception):
    """A primitive that the tape does not know; the callbacks train then."""


def record(program: Program, layout: Layout, goals: Sequence[Goal], slots: Sequence[int], tile_rows: int) -> Recording:
    """Records a stacked program whose goals stand at these slots. Raises Unrecorded."""
    return _Recorder(program, layout, tile_rows).recording(goals, slots)


class _Recorder:
    def __init__(self, program: Program, layout: Layout, tile_rows: int) -> None:
        self.program, self.layout, self.tile_rows = program, layout, tile_rows
        self.spans: dict[int, Span] = {TASK: Span(0, program.widths[TASK])}
        self.numbers = program.widths[TASK]
        self.winners = 0
        self.by_row = tile_rows * padded(program.widths[TASK])
        self.multiplications = 0
        self.entries: list[Entry] = []

    def recording(self, goals: Sequence[Goal], slots: Sequence[int]) -> Recording:
        for slot, step in enumerate(self.program.steps, 1):
            recorder = RECORDERS.get(dotted(type(step.primitive)))
            if recorder is None:
                raise Unrecorded(type(step.primitive).__name__)
            self.spans[slot] = recorder(self, step, self.program.widths[slot])
        for goal, slot in zip(goals, slots, strict=True):
            goal.at, goal.width = self.spans[slot].at, self.spans[slot].width
        operations, inputs, zeroed = _Telling(self.entries, self.numbers).settle(goals)
        zeroes = np.array(zeroed, np.int32).reshape(-1, 2)
        return Recording(
            operations,
            inputs,
            goals,
            zeroes,
            self.numbers,
            self.winners,
            self.by_row,
            self.tile_rows,
            self.multiplications,
        )

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


def _team(record: _Recorder, step: Step, width: int) -> Span:
    primitive = step.primitive
    team = primitive if isinstance(primitive, Team) else Team(1, cast("Affine", primitive).outputs, NONE)
    (task,) = record.read(step)
    weights = record.layout.places[step.parameters[0]]
    bias = record.layout.places[step.parameters[1]].offset if len(step.parameters) > 1 else -1
    gathered = task.at == 0 and task.width == record.program.widths[TASK]
    rows_at = 0 if gathered else record.by_row
    record.by_row += 0 if gathered else 3 * record.tile_rows * weights.stride
    pieces = team.pieces * team.units
    record.multiplications += pieces * task.width * (3 if task.at >= record.program.widths[TASK] else 2)
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


def _blend(record: _Recorder, step: Step, width: int) -> Span:
    primitive, spans = step.primitive, record.read(step)
    assert isinstance(primitive, Blend)
    parts = [Span(spans[place].at + first, width, factor) for place, first, factor in primitive.parts]
    return record.entry("blend", parts, width)


def _add(record: _Recorder, step: Step, width: int) -> Span:
    return record.entry("blend", record.read(step), width)


def _scale(record: _Recorder, step: Step, width: int) -> Span:
    (task,), factor = record.read(step), cast("Scale", step.primitive).factor
    return record.entry("blend", [Span(task.at, task.width, factor)], width)


def _extreme(record: _Recorder, step: Step, width: int) -> Span:
    primitive = cast("Extreme", step.primitive)
    fields: dict[str, Any] = {
        "reduce": REDUCTIONS.index(HIGHEST if primitive.highest else LOWEST),
        "softens": primitive.softens,
        "aux": record.take(width * len(step.inputs)),
        "winners": record.take_winners(width),
    }
    return record.entry("extreme", record.read(step), width, **fields)


def _pick(record: _Recorder, step: Step, width: int) -> Span:
    """Numbers that stand together are read where they stand; others are copied, run by run."""
    (task,) = record.read(step)
    runs: list[Span] = []
    for place in cast("Pick", step.primitive).places:
        if runs and runs[-1].at + runs[-1].width == task.at + place:
            runs[-1] = Span(runs[-1].at, runs[-1].width + 1)
        else:
            runs.append(Span(task.at + place, 1))
    return runs[0] if len(runs) == 1 else record.entry("copy", runs, width)


def _concatenate(record: _Recorder, step: Step, width: int) -> Span:
    return record.entry("copy", record.read(step), width)


def _constant(record: _Recorder, step: Step, width: int) -> Span:
    """A team of workers that look at nothing have nothing but their biases."""
    bias = record.layout.places[step.parameters[0]].offset
    fields: dict[str, Any] = {"pieces": 1, "units": width, "reduce": REDUCTIONS.index(NONE), "bias": bias}
    return record.entry("team", [Span(0, 0)], width, learns=True, **fields)


def _clip(record: _Recorder, step: Step, width: int) -> Span:
    primitive = cast("Clip", step.primitive)
    return record.entry("clip", record.read(step), width, low=primitive.low, high=primitive.high)


def _curve(record: _Recorder, step: Step, width: int) -> Span:
    kind = CURVES.index(cast("Curve", step.primitive).bend)
    return record.entry("curve", record.read(step), width, kind=kind, aux=record.take(width))


def _spline(record: _Recorder, step: Step, width: int) -> Span:
    primitive, heights = cast("Spline", step.primitive), record.layout.places[step.parameters[0]]
    fields: dict[str, Any] = {"weights": heights.offset, "stride": heights.stride, "aux": record.take(width)}
    fields |= {"knots": primitive.knots, "high": primitive.reach}
    return record.entry("spline", record.read(step), width, learns=True, **fields)


def _mask(record: _Recorder, step: Step, width: int) -> Span:
    primitive = cast("Mask", step.primitive)
    fields: dict[str, Any] = {"low": primitive.rate, "salt": primitive.salt, "aux": record.take(width)}
    return record.entry("mask", record.read(step), width, **fields)


def _multiply(record: _Recorder, step: Step, width: int) -> Span:
    return record.entry("multiply", record.read(step), width, aux=record.take(width * len(step.inputs)))


def _softmax(record: _Recorder, step: Step, width: int) -> Span:
    return record.entry("softmax", record.read(step), width)


def _normalise(record: _Recorder, step: Step, width: int) -> Span:
    from engine.primitives.normalise import EPSILON

    scale, shift = (record.layout.places[place].offset for place in step.parameters)
    fields: dict[str, Any] = {"weights": scale, "bias": shift, "low": EPSILON, "aux": record.take(width + 1)}
    return record.entry("normalise", record.read(step), width, learns=True, **fields)


def _choose(record: _Recorder, step: Step, width: int) -> Span:
    softens = cast("Choose", step.primitive).softens
    fields: dict[str, Any] = {"softens": softens, "aux": record.take(len(step.inputs) - 1 + width)}
    return record.entry("choose", record.read(step), width, winners=record.take_winners(1), **fields)


def _median(record: _Recorder, step: Step, width: int) -> Span:
    return record.entry("median", record.read(step), width, aux=record.take(width * len(step.inputs)))


def _weigh(record: _Recorder, step: Step, width: int) -> Span:
    scores = record.layout.places[step.parameters[0]].offset
    room = -(-len(step.inputs) // LANES)
    return record.entry("weigh", record.read(step), width, learns=True, weights=scores, aux=record.take(room))


RECORDERS: Mapping[str, Callable[[_Recorder, Step, int], Span]] = {
    "engine.stacked.Team": _team,
    "engine.stacked.Blend": _blend,
    "engine.primitives.add.Add": _add,
    "engine.primitives.affine.Affine": _team,
    "engine.primitives.choose.Choose": _choose,
    "engine.primitives.clip.Clip": _clip,
    "engine.primitives.concatenate.Concatenate": _concatenate,
    "engine.primitives.constant.Constant": _constant,
    "engine.primitives.curve.Curve": _curve,
    "engine.primitives.extreme.Extreme": _extreme,
    "engine.primitives.mask.Mask": _mask,
    "engine.primitives.median.Median": _median,
    "engine.primitives.multiply.Multiply": _multiply,
    "engine.primitives.normalise.Normalise": _normalise,
    "engine.primitives.pick.Pick": _pick,
    "engine.primitives.scale.Scale": _scale,
    "engine.primitives.softmax.Softmax": _softmax,
    "engine.primitives.spline.Spline": _spline,
    "engine.primitives.weigh.Weigh": _weigh,
}
"""By dotted name, so that a primitive that nobody uses need not be loaded."""


def dotted(primitive: type[Primitive]) -> str:
    """The name that a primitive has in RECORDERS."""
    return f"{primitive.__module__}.{primitive.__qualname__}"


class _Telling:
    """Works out, for each input, whether feedback on it is wanted, is the first to arrive, or is added.

    Feedback begins at the goals and goes through the operations from the last to the first.
    """

    def __init__(self, entries: Sequence[Entry], numbers: int) -> None:
        self._entries = entries
        self._wanted = np.zeros(numbers, bool)
        self._arrived = np.zeros(numbers, bool)
        self._zeroed: list[tuple[int, int]] = []
        for entry in entries:
            if entry.learns or any(self._wanted[_slice(span)].any() for span in entry.inputs):
                self._wanted[_slice(entry.result)] = True

    def settle(self, goals: Sequence[Goal]) -> tuple[list[Operation], list[Input], list[tuple[int, int]]]:
        """The operations with their inputs, and the numbers whose feedback is to begin with nothing."""
        for goal in goals:
            goal.telling = self._arrive(Span(goal.at, goal.width))
        tellings = {index: self._tellings(self._entries[index]) for index in reversed(range(len(self._entries)))}
        operations: list[Operation] = []
        inputs: list[Input] = []
        for index, entry in enumerate(self._entries):
            fields = {"first_input": len(inputs), "inputs": len(entry.inputs), "at": entry.result.at}
            code = CODES.index(entry.code)
            operations.append(Operation(code=code, width=entry.result.width, **fields, **entry.fields))
            for span, telling in zip(entry.inputs, tellings[index], strict=True):
                inputs.append(Input(span.at, span.width, telling, 0, span.factor))
        return operations, inputs, self._zeroed

    def _tellings(self, entry: Entry) -> list[int]:
        if self._wanted[_slice(entry.result)].any():
            self._begin_with_nothing(entry.result)
        return [self._arrive(span) if self._wanted[_slice(span)].any() else DEAF for span in entry.inputs]

    def _arrive(self, span: Span) -> int:
        if not self._arrived[_slice(span)].any():
            self._arrived[_slice(span)] = True
            return SET
        self._begin_with_nothing(span)
        return ADD

    def _begin_with_nothing(self, span: Span) -> None:
        """Those of these numbers that no feedback has come to yet."""
        missing = np.flatnonzero(~self._arrived[_slice(span)]) + span.at
        self._zeroed.extend((int(at), 1) for at in missing)
        self._arrived[_slice(span)] = True


def _slice(span: Span) -> slice:
    return slice(span.at, span.at + span.width)
