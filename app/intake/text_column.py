"""A column of texts: yes or no, a category, or text that is too varied to learn from."""

from __future__ import annotations

import polars as pl

from app.intake.categories import Categories
from app.intake.columns import NoNumber, Typed

MOST_CATEGORIES = 50
FEW_CATEGORIES = 10
MOST_SPELLINGS = 64  # of two words, with small and large letters
BOOLEANS = ({"false": 0.0, "true": 1.0}, {"no": 0.0, "yes": 1.0}, {"n": 0.0, "y": 1.0}, {"f": 0.0, "t": 1.0})


def boolean_column(known: Categories) -> Typed | None:
    """The column as 0 and 1 if its values are both words of one pair, in any case of letters, and no others."""
    if len(known.texts) > MOST_SPELLINGS:
        return None
    words = known.texts.str.to_lowercase()
    for pair in BOOLEANS:
        if set(words.unique()) == set(pair):
            by_code = words.replace_strict(pair, return_dtype=pl.Float64).to_numpy()
            return Typed("boolean", known.spread(by_code))
    return None


def text_column(known: Categories, no_number: NoNumber | None) -> Typed:
    """The column as a category, or as text; it may come with the reason why it is no number."""
    different, values = len(known.texts), int(known.counts.sum())
    kind = "category" if is_category(different, values) else "text"
    why = (no_number.why,) if no_number else ()
    doubtful = bool(no_number and no_number.doubtful)
    varied = (_too_varied(different, values),) if kind == "text" else ()
    notes = varied if doubtful else (*why, *varied)
    return Typed(kind, known.codes, known, notes=notes, warnings=why if doubtful else ())


def _too_varied(different: int, values: int) -> str:
    many = f"{different:,} different texts are too many to learn from"
    return f"{'Every value is another text' if different == values else many}, so training leaves the column out."


def is_category(different: int, values: int) -> bool:
    """At most 50 different texts, each twice on average; up to 10 are few enough if any of them comes again."""
    if different <= FEW_CATEGORIES:
        return different < values or different <= 2
    return different <= min(MOST_CATEGORIES, values / 2)
