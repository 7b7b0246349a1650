"""Where the lines of a picture lie on the page: two panels, the result above the feedback, over the same x."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.figures import figure
from engine.picture import Line, Picture

LEFT, RIGHT, TOP, BOTTOM = 46.0, 312.0, 12.0, 116.0
WIDTH, HEIGHT, ROOM = 320, 136, 0.06


@dataclass(frozen=True)
class Stroke:
    """A line as SVG has it. series: which colour it has; given: whether it only comes in; dots: points alone."""

    name: str
    series: int
    given: bool
    points: str
    dots: Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Tick:
    """A number or a word beside an axis, and where."""

    at: float
    words: str


@dataclass(frozen=True)
class Panel:
    """One drawing. zero: where the line of zero runs, if it is in sight."""

    title: str
    strokes: Sequence[Stroke]
    across: Sequence[Tick]
    up: Sequence[Tick]
    zero: float | None


@dataclass(frozen=True)
class Plot:
    """said: the same in words."""

    panels: Sequence[Panel]
    said: str


def plot(picture: Picture) -> Plot:
    """The result, with what came in behind it, and the feedback."""
    result = _panel("Result", picture, picture.results, 1, picture.given)
    asked = "the result" if len(picture.results) == 1 else picture.results[0].name
    feedback = _panel(f"Feedback on each input, where {asked} is told 1", picture, picture.feedback, 2)
    return Plot((result, feedback), picture.said)


def _panel(title: str, picture: Picture, lines: Sequence[Line], series: int, given: Sequence[Line] = ()) -> Panel:
    """series: the colour of the first line. An input has the same one where it comes in and where it gets feedback."""
    values = [value for line in (*lines, *given) for value in line.values]
    low, high = min(0.0, *values), max(0.0, *values)
    room = ROOM * (high - low) or 1.0
    low, high = low - room, high + room
    first, last = picture.x[0], picture.x[-1]
    reach = (first, last) if not picture.categories else (first - 0.5, last + 0.5)

    def place(x: float, y: float) -> tuple[float, float]:
        return round(LEFT + (x - reach[0]) / (reach[1] - reach[0]) * (RIGHT - LEFT), 1), round(up(y), 1)

    def up(y: float) -> float:
        return BOTTOM - (y - low) / (high - low) * (BOTTOM - TOP)

    def stroke(series: int, line: Line, given: bool = False) -> Stroke:
        points = [place(x, y) for x, y in zip(picture.x, line.values, strict=True)]
        if picture.apart or picture.categories:
            return Stroke(line.name, series, given, "", points)
        return Stroke(line.name, series, given, " ".join(f"{x},{y}" for x, y in points), ())

    ends = sorted({min(values), max(values), 0.0})
    return Panel(
        title,
        [
            *(stroke(number, line, given=True) for number, line in enumerate(given, start=2)),
            *(stroke(number, line) for number, line in enumerate(lines, start=series)),
        ],
        [Tick(place(x, 0)[0], words) for x, words in _across(picture)],
        [Tick(round(up(end), 1), figure(end, 3)) for end in _apart(ends, 0.16 * (high - low))],
        round(up(0.0), 1),
    )


def _across(picture: Picture) -> list[tuple[float, str]]:
    if picture.categories:
        return list(zip(picture.x, picture.categories, strict=True))
    return [(x, figure(x, 2)) for x in (picture.x[0], 0.0, picture.x[-1])]


def _apart(ends: Sequence[float], least: float) -> list[float]:
    """Zero, and those ends, the largest first, that are far enough from all before them for each to be read."""
    kept = [0.0]
    for end in sorted(ends, key=abs, reverse=True):
        if all(abs(end - other) >= least for other in kept):
            kept.append(end)
    return sorted(kept)
