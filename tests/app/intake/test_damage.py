"""A clean file is damaged in every way at many places; the table must be right, or flagged, or refused.

What stays silent is one thing: a file cut off inside its last cell, which looks like a shorter value.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import numpy as np
import pytest

from app.intake import Refused
from tests.app.intake.damage import Damage, Lines, Writing, damages
from tests.app.intake.support import Table, read

NAMES = ["count", "price", "colour", "place", "day", "load"]
TYPES = ["number", "number", "category", "category", "date", "number"]
WRITINGS = [
    Writing("commas, few quotes", ","),
    Writing("tabs, no quotes", "\t"),
    Writing("semicolons, all quoted, decimal commas", ";", decimal=",", always=True),
    Writing("commas, all quoted", ",", always=True),
]
SILENT = ("cut off", "cell dropped")  # of the file's very last cell, the second

each_writing = pytest.mark.parametrize("writing", WRITINGS, ids=lambda writing: writing.name)


def clean(writing: Writing) -> Lines:
    random = np.random.default_rng(0)
    rows = [NAMES]
    for row in range(80):
        price, load = random.uniform(10, 999), random.normal()
        place = ("Hill", "Coast; west", "Plain, north", "Old town")[row % 4]
        colour, day = ("red", "green", "blue")[row % 3], f"2024-03-{row % 28 + 1:02d}"
        rows.append([str(100 + row), f"{price:.2f}", colour, place, day, f"{load:.4f}"])
    return [[writing.cell(cell.replace(".", writing.decimal)) for cell in cells] for cells in rows]


def verdict(damage: Damage, truth: Table) -> str:
    try:
        found = read(damage.content)
    except Refused:
        return "refused"
    right = found.columns == truth.columns and found.types == truth.types
    if found.is_flagged:
        kept = right or set(found.rows) <= set(truth.rows)
        return "flagged" if kept else "flagged, with a row that is not true"
    return "right" if right else "silent"


def sweep(writing: Writing, lines: Iterable[int]) -> Counter[str]:
    """How many damages at every cell of these lines have which verdict."""
    clean_lines = clean(writing)
    truth = read(writing.text(clean_lines))
    assert truth.types == TYPES and not truth.is_flagged
    places = [(line, cell) for line in lines for cell in range(len(NAMES))]
    found = [(damage, verdict(damage, truth)) for damage in damages(writing, clean_lines, places)]
    silent = [damage for damage, result in found if result == "silent"]
    assert all(damage.kind in SILENT and damage.cell == len(NAMES) - 1 for damage in silent)
    return Counter(result for _, result in found)


@each_writing
def test_damage_is_right_or_flagged_or_refused(writing: Writing) -> None:
    counts = sweep(writing, lines=[41])
    assert counts["silent"] <= 0.01 * counts.total()


@pytest.mark.slow
@each_writing
def test_damage_anywhere_is_right_or_flagged_or_refused(writing: Writing) -> None:
    counts = sweep(writing, lines=[0, 1, 2, 40, 79, 80])
    assert counts["silent"] <= 0.01 * counts.total()
