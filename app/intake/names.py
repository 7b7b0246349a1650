"""The names of the columns: none empty, none twice."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from app.intake.cells import BLANKS
from app.intake.limits import Limits
from app.intake.refusal import Refused


def column_names(header: Sequence[str], line: int, limits: Limits) -> tuple[tuple[str, ...], list[str]]:
    """Unique names for the cells of a header, and a sentence for each change that was needed."""
    given = [" ".join(cell.strip(BLANKS).split()) for cell in header]
    if any(len(name) > limits.name_characters for name in given):
        reason = f"Line {line:,} names a column with more than {limits.name_characters:,} characters."
        raise Refused(reason, "Shorten the name, or check that this line holds the names.", line)
    names: list[str] = []
    taken = set(given) - {""}
    for place, name in enumerate(given, start=1):
        repeats = not name or name in names
        names.append(_unused(name or f"Column {place}", taken) if repeats else name)
        taken.add(names[-1])
    return tuple(names), _changes(given, names)


def number_columns(width: int) -> tuple[str, ...]:
    """Names for a table without a header."""
    return tuple(f"Column {place}" for place in range(1, width + 1))


def _unused(name: str, taken: set[str]) -> str:
    numbered = (f"{name} ({number})" for number in itertools.count(2))
    return next(each for each in itertools.chain([name], numbered) if each not in taken)


def _changes(given: Sequence[str], names: Sequence[str]) -> list[str]:
    nameless = [name for old, name in zip(given, names, strict=True) if not old]
    repeated = [name for old, name in zip(given, names, strict=True) if old and old != name]
    changes = []
    if nameless:
        changes.append(f"{_count(nameless)} no name and got one: {_some(nameless)}.")
    if repeated:
        changes.append(f"{_count(repeated)} the name of an earlier column and got a number: {_some(repeated)}.")
    return changes


def _count(names: Sequence[str]) -> str:
    return "One column has" if len(names) == 1 else f"{len(names):,} columns have"


def _some(names: Sequence[str]) -> str:
    return ", ".join(f"'{name}'" for name in names[:5]) + (" ..." if len(names) > 5 else "")
