"""A typed column, written to its file and described."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from app.intake.categories import Categories
from app.intake.cells import missing, trim
from app.intake.columns import Cells, Typed, Values
from app.intake.description import ColumnDescription
from app.intake.figures import figures
from app.intake.files import write_array, write_texts

EXAMPLES = 5
EXAMPLE_CHARACTERS = 100
LISTED_CATEGORIES = 1_000  # more than these, or longer texts, stand in a file of their own
LISTED_CHARACTERS = 50_000


def write_column(cells: Cells, typed: Typed, folder: Path, number: int) -> ColumnDescription:
    """Write the values as `c000.npy`, `c001.npy` and so on, and say what they are."""
    stem = f"c{number:03d}"
    write_array(folder / f"{stem}.npy", typed.values)
    empty = typed.values < 0 if typed.categories else np.isnan(typed.values)
    told = _told_of_texts(typed.categories, folder, stem) if typed.categories else _told_of_numbers(typed.values)
    notes = [*typed.warnings, *typed.notes, *_notes(cells, empty, told["distinct"])]
    return ColumnDescription(
        name=cells.name,
        type=typed.type,
        file=f"{stem}.npy",
        missing=int(np.count_nonzero(empty)),
        examples=tuple(text[:EXAMPLE_CHARACTERS] for text in cells.texts.head(EXAMPLES)),
        note=" ".join(notes) or None,
        **told,
    )


def _told_of_numbers(values: Values) -> dict[str, Any]:
    found = figures(values.astype(np.float64, copy=False))
    return vars(found) if found else {"distinct": 0}


def _told_of_texts(known: Categories, folder: Path, stem: str) -> dict[str, Any]:
    """The categories themselves if they are few and short, or else the name of the file that holds them."""
    told: dict[str, Any] = {"distinct": len(known.texts)}
    if len(known.texts) <= LISTED_CATEGORIES and known.texts.str.len_chars().sum() <= LISTED_CHARACTERS:
        return {**told, "categories": tuple(known.texts), "counts": tuple(known.counts.tolist())}
    write_texts(folder / f"{stem}.categories.json", known.texts)
    return {**told, "categories_file": f"{stem}.categories.json"}


def _notes(cells: Cells, empty: npt.NDArray[np.bool_], distinct: int) -> list[str]:
    notes = []
    if distinct == 0:
        notes.append("Every cell is missing.")
    if distinct == 1 and len(cells) > 1:
        notes.append("Every value is the same, so nothing can be learnt from the column.")
    rows = np.flatnonzero(empty & (cells.texts != "").to_numpy())
    if len(rows):
        notes += _words_for_missing(cells.texts.gather(rows))
    return notes


def _words_for_missing(texts: pl.Series) -> list[str]:
    words = trim(texts.filter(missing(texts))).alias("word").value_counts(sort=True)
    words = words.filter(words["word"] != "")
    if not len(words):
        return []
    named = ", ".join(f"'{word}'" for word in words["word"].head(5))
    count = int(words["count"].sum())
    say = "One cell says" if count == 1 else f"{count:,} cells say"
    return [f"{say} {named}, which means missing."]
