"""A file becomes a table: encoding, dialect, layout, the strict pass, and then each column in its type."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from app.intake.description import ColumnDescription, TableDescription
from app.intake.dialect import Dialect, checked
from app.intake.encoding import Encoding, find_encoding
from app.intake.grammar import ONE_COLUMN, Grammar
from app.intake.judge import cut, records
from app.intake.layout import Layout, find_layout
from app.intake.limits import PUBLISHED, Limits
from app.intake.plain import PlainCutter
from app.intake.reading import blocks, sample
from app.intake.refusal import Refused
from app.intake.sift import Sieve, sift
from app.intake.sniff import sniff
from app.intake.spill import Spill
from app.intake.target import guess_target, row_numbers
from app.intake.type_columns import TypedColumns, type_columns

Imported = TableDescription  # what an import gives
Progress = Callable[[float], None]

SIFTED = 0.6  # the share of the work that is done after the strict pass
MOST_WARNINGS = 100
ROW_NUMBERS = "It only numbers the rows: a new graph for this table does not learn from it."


def import_file(
    source: Path,
    folder: Path,
    *,
    name: str,
    limits: Limits = PUBLISHED,
    dialect: Dialect | None = None,
    progress: Progress = lambda share: None,
) -> TableDescription:
    """Read a CSV file into an existing empty folder: one `.npy` a column, each complete and on the disk.

    `dialect` holds what a person chose; what it leaves open is found out. `progress` is told the share of the
    work that is done. Nothing outside the folder is touched, and a temporary folder inside it is gone at the end.
    Raises Refused for a file that cannot be read; the folder then holds nothing of use.
    """
    _refuse_large(source, limits)
    wish = checked(dialect or Dialect())
    encoding = find_encoding(source, limits, wish.encoding)
    first = sample(source, encoding)
    best = sniff(_from_first_line(first, wish), wish)
    found = list(records(first, best.grammar, limits, suspect=encoding.suspect))
    layout = find_layout(found, best.width, wish, limits)
    with _spill(folder, layout.width) as spill:
        sieve = _sift(source, encoding, best.grammar, layout=layout, limits=limits, spill=spill, progress=progress)
        columns = type_columns(spill, layout.names, wish=wish, grammar=best.grammar, folder=folder, progress=progress)
    counting = row_numbers(columns.descriptions, spill.rows)
    described = tuple(_noted(column) if column.name in counting else column for column in columns.descriptions)
    return TableDescription(
        name=name,
        rows=spill.rows,
        columns=described,
        rejected=sieve.rejections(),
        dialect=_dialect(encoding, best.grammar, layout, columns),
        warnings=_shortened([*_about(encoding, best.grammar), *layout.warnings, *sieve.warnings(), *columns.warnings]),
        target=guess_target(described),
        row_numbers=counting,
    )


def _noted(column: ColumnDescription) -> ColumnDescription:
    """A column of row numbers, which says what becomes of it."""
    return replace(column, note=" ".join(filter(None, [column.note, ROW_NUMBERS])))


def _refuse_large(source: Path, limits: Limits) -> None:
    if source.stat().st_size > limits.file_bytes:
        reason = f"The file is larger than {limits.file_bytes / 2**20:,.0f} MB."
        raise Refused(reason, "Use a part of it, or leave out columns that you do not need.")


def _from_first_line(lines: list[str], wish: Dialect) -> list[str]:
    below = lines[(wish.first_line or 1) - 1 :]
    if not any(line.strip() for line in below):
        raise Refused(f"No table begins at line {wish.first_line:,}.", "Choose an earlier line.", wish.first_line)
    return below


@contextmanager
def _spill(folder: Path, width: int) -> Iterator[Spill]:
    cells = folder / "cells"
    cells.mkdir()
    try:
        yield Spill(cells, width)
    finally:
        shutil.rmtree(cells)


def _sift(
    source: Path,
    encoding: Encoding,
    grammar: Grammar,
    *,
    layout: Layout,
    limits: Limits,
    spill: Spill,
    progress: Progress,
) -> Sieve:
    """Send the whole file through the judge into the spill."""
    size = source.stat().st_size
    plain = PlainCutter(grammar, layout.width, layout.first_row, limits.cell_characters)
    with encoding.open(source) as text:
        lines = blocks(text, after_each=lambda: progress(SIFTED * text.buffer.tell() / size))
        found = cut(lines, grammar, limits, plain=plain, suspect=encoding.suspect)
        return sift(found, layout, limits, spill)


def _dialect(encoding: Encoding, grammar: Grammar, layout: Layout, columns: TypedColumns) -> Dialect:
    return Dialect(
        encoding=encoding.name,
        delimiter="" if grammar.delimiter == ONE_COLUMN else grammar.delimiter,
        quote=grammar.quote,
        decimal=columns.decimal,
        thousands=columns.thousands,
        header=layout.header,
        first_line=layout.first_line,
    )


def _about(encoding: Encoding, grammar: Grammar) -> list[str]:
    """What a person should know of the file as a whole."""
    warnings = [encoding.warning] if encoding.warning else []
    if grammar.delimiter == ONE_COLUMN:
        warnings.append("No delimiter was found, so the file is read as one column.")
    if not grammar.quote:
        warnings.append("Quote marks are read as ordinary characters.")
    return warnings


def _shortened(warnings: Sequence[str]) -> tuple[str, ...]:
    rest = len(warnings) - MOST_WARNINGS
    return (*warnings[:MOST_WARNINGS], f"There are {rest:,} more warnings.") if rest > 0 else tuple(warnings)
