"""How each primitive is recorded: the operation that works on it, with what it is told and the room that it takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from engine.layout import LANES
from engine.primitive import Primitive
from engine.program import Step
from engine.stacked import HIGHEST, LOWEST, NONE, Blend, Team
from engine.tape.library import CURVES, MERGES, REDUCTIONS, Merge
from engine.tape.telling import Span
from engine.tape.tile import Groups, Tile

if TYPE_CHECKING:
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


def _team(tile: Tile, step: Step, primitive: Team | Affine, width: int) -> Span:
    team = primitive if isinstance(primitive, Team) else Team(1, primitive.outputs, NONE)
    (task,) = tile.read(step)
    weights = tile.layout.places[step.parameters[0]]
    bias = tile.layout.places[step.parameters[1]].offset if len(step.parameters) > 1 else -1
    gathered = task in tile.as_gathered
    rows_at = 0 if gathered else tile.by_row
    tile.by_row += 0 if gathered else 3 * tile.tile_rows * weights.stride
    pieces = team.pieces * team.units
    tile.multiplications += pieces * task.width * (3 if task.at >= tile.gathered else 2)
    fields: dict[str, Any] = {
        "pieces": team.pieces,
        "units": team.units,
        "reduce": REDUCTIONS.index(team.reduce),
        "softens": team.softens,
        "aux": tile.take(pieces) if team.reduce != NONE else 0,
        "winners": tile.take_winners(team.units) if team.reduce in (HIGHEST, LOWEST) else 0,
        "rows_at": rows_at,
        "weights": weights.offset,
        "bias": bias,
        "stride": weights.stride,
    }
    return tile.entry("team", [Span(task.at, task.width, team.factor)], width, learns=True, **fields)


def _blend(tile: Tile, step: Step, primitive: Blend, width: int) -> Span:
    spans = tile.read(step)
    parts = [Span(spans[place].at + first, width, factor) for place, first, factor in primitive.parts]
    return tile.entry("blend", parts, width)


def _add(tile: Tile, step: Step, primitive: Primitive, width: int) -> Span:
    return tile.entry("blend", tile.read(step), width)


def _scale(tile: Tile, step: Step, primitive: Scale, width: int) -> Span:
    (task,) = tile.read(step)
    return tile.entry("blend", [Span(task.at, task.width, primitive.factor)], width)


def _extreme(tile: Tile, step: Step, primitive: Extreme, width: int) -> Span:
    fields: dict[str, Any] = {
        "reduce": REDUCTIONS.index(HIGHEST if primitive.highest else LOWEST),
        "softens": primitive.softens,
        "aux": tile.take(width * len(step.inputs)),
        "winners": tile.take_winners(width),
    }
    return tile.entry("extreme", tile.read(step), width, **fields)


def _pick(tile: Tile, step: Step, primitive: Pick, width: int) -> Span:
    """Numbers that stand together are read where they stand; others are copied, run by run."""
    (task,) = tile.read(step)
    runs: list[Span] = []
    for place in primitive.places:
        if runs and runs[-1].at + runs[-1].width == task.at + place:
            runs[-1] = Span(runs[-1].at, runs[-1].width + 1)
        else:
            runs.append(Span(task.at + place, 1))
    return runs[0] if len(runs) == 1 else tile.entry("copy", runs, width)


def _concatenate(tile: Tile, step: Step, primitive: Primitive, width: int) -> Span:
    parts = tile.read(step)
    result = tile.entry("copy", parts, width)
    if len(parts) == 1 and parts[0] in tile.as_gathered:
        tile.as_gathered.add(result)
    return result


def _constant(tile: Tile, step: Step, primitive: Primitive, width: int) -> Span:
    """A team of workers that look at nothing have nothing but their biases."""
    bias = tile.layout.places[step.parameters[0]].offset
    fields: dict[str, Any] = {"pieces": 1, "units": width, "reduce": REDUCTIONS.index(NONE), "bias": bias}
    return tile.entry("team", [Span(0, 0)], width, learns=True, **fields)


def _clip(tile: Tile, step: Step, primitive: Clip, width: int) -> Span:
    return tile.entry("clip", tile.read(step), width, low=primitive.low, high=primitive.high)


def _curve(tile: Tile, step: Step, primitive: Curve, width: int) -> Span:
    return tile.entry("curve", tile.read(step), width, kind=CURVES.index(primitive.bend), aux=tile.take(width))


def _spline(tile: Tile, step: Step, primitive: Spline, width: int) -> Span:
    heights = tile.layout.places[step.parameters[0]]
    fields: dict[str, Any] = {"weights": heights.offset, "stride": heights.stride, "aux": tile.take(width)}
    fields |= {"knots": primitive.knots, "high": primitive.reach}
    return tile.entry("spline", tile.read(step), width, learns=True, **fields)


def _mask(tile: Tile, step: Step, primitive: Mask, width: int) -> Span:
    fields: dict[str, Any] = {"low": primitive.rate, "salt": primitive.salt, "aux": tile.take(width)}
    return tile.entry("mask", tile.read(step), width, **fields)


def _multiply(tile: Tile, step: Step, primitive: Primitive, width: int) -> Span:
    return tile.entry("multiply", tile.read(step), width, aux=tile.take(width * len(step.inputs)))


def _softmax(tile: Tile, step: Step, primitive: Primitive, width: int) -> Span:
    return tile.entry("softmax", tile.read(step), width)


def _normalise(tile: Tile, step: Step, primitive: Normalise, width: int) -> Span:
    scale, shift = (tile.layout.places[place].offset for place in step.parameters)
    fields: dict[str, Any] = {"weights": scale, "bias": shift, "low": primitive.epsilon, "aux": tile.take(width + 1)}
    return tile.entry("normalise", tile.read(step), width, learns=True, **fields)


def _choose(tile: Tile, step: Step, primitive: Choose, width: int) -> Span:
    fields: dict[str, Any] = {"softens": primitive.softens, "aux": tile.take(len(step.inputs) - 1 + width)}
    return tile.entry("choose", tile.read(step), width, winners=tile.take_winners(1), **fields)


def _median(tile: Tile, step: Step, primitive: Primitive, width: int) -> Span:
    return tile.entry("median", tile.read(step), width, aux=tile.take(width * len(step.inputs)))


def _agree(tile: Tile, step: Step, primitive: Primitive, width: int) -> Span:
    return tile.entry("agree", tile.read(step), width, aux=tile.take(width * len(step.inputs)))


def _weigh(tile: Tile, step: Step, primitive: Primitive, width: int) -> Span:
    scores = tile.layout.places[step.parameters[0]].offset
    room = -(-len(step.inputs) // LANES)
    return tile.entry("weigh", tile.read(step), width, learns=True, weights=scores, aux=tile.take(room))


def _reduce(tile: Groups, step: Step, primitive: Reduce, width: int) -> Span:
    (task,) = tile.rows.read(step)
    result, winners = Span(tile.take(width), width), tile.take_winners(width)
    tile.merges.append(Merge(MERGES.index(primitive.how), task.at, result.at, width, winners))
    tile.given.append(result)
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

OVERWRITING = frozenset(("Clip", "Curve", "Mask", "Multiply", "Normalise", "Softmax", "Spline"))
"""Whose operation works on the feedback on its result where that stands."""
