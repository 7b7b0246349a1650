"""The pictures of the handbook on the page: every number beside an axis can be read."""

from __future__ import annotations

from itertools import pairwise

import pytest

from app.plots import Panel, plot
from engine import kind, primitive
from engine.picture import Line, Picture, of_kind, of_primitive

FONT_HEIGHT = 12.0


def can_be_read(panel: Panel) -> bool:
    return all(below.at - above.at >= FONT_HEIGHT for below, above in pairwise(panel.up))


@pytest.mark.parametrize(
    "picture",
    [*(of_kind(name) for name in kind.catalogue()), *(of_primitive(name) for name in primitive.catalogue())],
    ids=[*kind.catalogue(), *(f"primitive {name}" for name in primitive.catalogue())],
)
def test_every_number_of_the_handbook_can_be_read(picture: Picture) -> None:
    assert all(can_be_read(panel) and panel.up for panel in plot(picture).panels)


def result(*values: float) -> Panel:
    line = Line("x", values)
    return plot(Picture(tuple(map(float, range(len(values)))), (), (line,), (line,))).panels[0]


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ((-2.5, 1.0, 2.5), ["-2.50", "0", "2.50"]),
        ((0.0909, 0.1, 0.1), ["0", "0.100"]),
        ((-0.1, -0.0909), ["-0.100", "0"]),
        ((-3.0, 0.01), ["-3.00", "0"]),
        ((0.0, 0.0), ["0"]),
    ],
)
def test_numbers_that_would_lie_on_one_another_are_left_out(values: tuple[float, ...], told: list[str]) -> None:
    panel = result(*values)
    assert [float(tick.words) for tick in panel.up] == [float(words) for words in told]
    assert can_be_read(panel)
