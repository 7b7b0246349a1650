"""Choose: one worker for each row."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine import fields, start
from engine.errors import SettingRefused, ShapeMismatch
from engine.kind import Inputs, Kind, Port
from engine.primitives.affine import Affine
from engine.primitives.choose import Choose
from engine.primitives.pick import Pick
from engine.program import Learnt, Recorder
from engine.table import days_of

SCORES, COLUMN = "scores", "column"
NEAR = 1e-5
"""Of a column's spread: a value so close below a cut counts as one at it, and no rounding sends it back."""


@dataclass(frozen=True)
class Settings:
    by: str = fields.choice(
        COLUMN,
        options=(COLUMN, SCORES),
        title="Choose by",
        help="A column of the table, or scores: a wired worker as wide as there are estimates; the highest score wins.",
    )
    column: str = fields.text(
        "",
        type="column",
        title="Column",
        help="Its first value (or no) goes to the first wire, and so on; all others to the last.",
    )
    cuts: str = fields.text(
        "",
        title="Cuts",
        help="For numbers or dates: where each further worker begins, such as 2009; 2016 or 2025-06-30.",
    )
    soft_start: bool = fields.flag(
        True, title="Start soft", help="While learning by scores, blends the workers at first.", advanced=True
    )


def lower(settings: Settings, inputs: Inputs, record: Recorder) -> int:
    estimates = inputs["estimates"]
    if settings.by == COLUMN and not settings.column:
        raise SettingRefused("it does not know which column to choose by. Choose a column.")
    if settings.by == COLUMN:
        return record.step(Choose(softens=False), _route(settings, len(estimates), record), *estimates)
    if not inputs["scores"]:
        raise ShapeMismatch("it chooses by scores, and nobody gives any. Wire a worker to its scores.")
    return record.step(Choose(softens=settings.soft_start), inputs["scores"][0], *estimates)


def _route(settings: Settings, options: int, record: Recorder) -> int:
    """Scores that are fixed by a column: by its category, or by the cuts that its number lies between."""
    column = record.column(settings.column)
    if not column.categories:
        cuts = (np.array(_cuts(settings.cuts, column.type, options)) - column.center) / column.scale
        cuts -= NEAR * np.maximum(1, np.abs(cuts))
        slopes, bias = np.arange(options)[:, None], -np.concatenate([[0.0], np.cumsum(cuts)])
        return _fixed(record, column.places[:1], slopes, bias)
    values = len(column.categories)
    weights = np.minimum(np.arange(values), options - 1) == np.arange(options)[:, None]
    return _fixed(record, column.places[:values], weights, np.arange(options) == options - 1.0)


def _fixed(record: Recorder, places: object, weights: object, bias: np.ndarray) -> int:
    picked = record.step(Pick(tuple(places)), record.post.task)  # type: ignore[arg-type]
    shape = np.asarray(weights, float)
    half = bias * 0.5 if bias.dtype == bool else bias
    learnt = {"weights": Learnt(start.fixed(shape), frozen=True), "bias": Learnt(start.fixed(half), frozen=True)}
    return record.step(Affine(len(shape)), picked, **learnt)


def _cuts(text: str, type: str, options: int) -> list[float]:
    """Numbers, dates as days; a column of yes and no has the one cut between the two."""
    if type == "boolean" and not text.strip():
        text = "0.5"
    cuts = [_cut(part) for part in text.replace(";", " ").replace(",", " ").split()]
    if len(cuts) != options - 1 or cuts != sorted(set(cuts)):
        raise SettingRefused(f"{options} estimates need {options - 1} rising cuts; there are {len(cuts)}.")
    return cuts


def _cut(part: str) -> float:
    try:
        return float(part)
    except ValueError:
        days = days_of(part)
    if days is None:
        raise SettingRefused(
            f"the cut '{part[:60]}' is no number and no date; write cuts like 2009; 2016 or 2025-06-30."
        )
    return days


kind = Kind(
    title="Choose",
    family="combinator",
    help="Gives each row to one worker alone: by a column's value, or by scores that a worker has learnt.",
    feedback="Only the chosen worker of a row gets that row's feedback.",
    formula="a or b or …",
    inputs=(
        Port("estimates", 2, None, "The estimates to choose from, in order."),
        Port("scores", 0, 1, "Who scores highest is chosen."),
    ),
    settings=Settings,
    lower=lower,
    target_units={"estimates": "same"},
    example=lambda columns, workers: {"by": SCORES},
)
