"""The cells of a table's rows as they stand in its file: what a person who gets the table back expects to see."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl

from app.intake import Dialect
from app.intake.encoding import find_encoding
from app.intake.judge import cut, records
from app.intake.layout import find_layout
from app.intake.limits import PUBLISHED
from app.intake.plain import PlainCutter
from app.intake.reading import blocks, sample
from app.intake.sift import sift
from app.intake.sniff import sniff
from app.intake.spill import Spill

BLOCK = 4_096  # rows that are texts at a time


def original_rows(source: Path, folder: Path, found: Dialect) -> Iterator[Sequence[Sequence[str]]]:
    """Blocks of the rows that `import_file` took from this file, cell by cell as it is written, in their order.

    `found` is the dialect that the import found; the empty `folder` is for what does not fit into memory.
    """
    texts = list(_columns(source, folder, found))
    for start in range(0, len(texts[0]), BLOCK):
        yield list(zip(*(column.slice(start, BLOCK).to_list() for column in texts), strict=True))


def _columns(source: Path, folder: Path, wish: Dialect) -> Iterator[pl.Series]:
    """The same steps as the import, with nothing left to be found out."""
    encoding = find_encoding(source, PUBLISHED, wish.encoding)
    first = sample(source, encoding)
    best = sniff(first[(wish.first_line or 1) - 1 :], wish)
    seen = list(records(first, best.grammar, PUBLISHED, suspect=encoding.suspect))
    layout = find_layout(seen, best.width, wish, PUBLISHED)
    spill = Spill(folder, layout.width)
    plain = PlainCutter(best.grammar, layout.width, layout.first_row, PUBLISHED.cell_characters)
    with encoding.open(source) as text:
        lines = blocks(text, after_each=lambda: None)
        sift(cut(lines, best.grammar, PUBLISHED, plain=plain, suspect=encoding.suspect), layout, PUBLISHED, spill)
    return spill.columns()
