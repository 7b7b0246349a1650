"""A file in, a table out, with its cells as plain Python values."""

from __future__ import annotations

import json
import math
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from hypothesis import settings

from app.intake import ColumnDescription, Dialect, Limits, TableDescription, import_file

Cell = float | str | None

unhurried = settings(deadline=None)  # a busy machine is no failure


@dataclass(frozen=True)
class Table:
    """What was said of a file, and the values of each column: numbers, texts, or None where missing."""

    description: TableDescription
    columns: dict[str, list[Cell]]

    @property
    def rows(self) -> list[tuple[Cell, ...]]:
        return list(zip(*self.columns.values(), strict=True))

    @property
    def names(self) -> list[str]:
        return list(self.columns)

    @property
    def types(self) -> list[str]:
        return [column.type for column in self.description.columns]

    @property
    def rejected_lines(self) -> list[int]:
        return [rejection.line for rejection in self.description.rejected.first]

    @property
    def is_flagged(self) -> bool:
        return bool(self.description.rejected.count or self.description.warnings)


def read(content: str | bytes, *, limits: Limits | None = None, dialect: Dialect | None = None) -> Table:
    """Import a file with this content. Raises Refused as the import does."""
    with tempfile.TemporaryDirectory() as place:
        source, folder = Path(place, "file.csv"), Path(place, "table")
        source.write_bytes(content.encode() if isinstance(content, str) else content)
        folder.mkdir()
        found = import_file(source, folder, name="Table", limits=limits or Limits(), dialect=dialect)
        check_folder(folder, found)
        return Table(found, {column.name: _values(folder, column) for column in found.columns})


def check_folder(folder: Path, found: TableDescription) -> None:
    """What holds for every import: closed JSON that comes back, and no file but those it names."""
    text = json.dumps(found.to_json(), allow_nan=False)
    assert TableDescription.from_json(json.loads(text)) == found
    named = {column.file for column in found.columns} | {column.categories_file for column in found.columns}
    assert {path.name for path in folder.iterdir()} == named - {None}


def _values(folder: Path, column: ColumnDescription) -> list[Cell]:
    values = np.load(folder / column.file, allow_pickle=False)
    if column.type in ("category", "text"):
        assert values.dtype == np.int32
        texts = column.categories
        if column.categories_file:
            texts = tuple(json.loads((folder / column.categories_file).read_text("utf-8")))
        assert texts is not None
        return [None if code < 0 else texts[code] for code in values.tolist()]
    assert values.dtype == np.float64
    return [None if math.isnan(value) else value for value in values.tolist()]
