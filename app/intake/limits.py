"""How large a table may be: the published limits of the intake."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Each limit is checked before the work that it bounds; passing one refuses the file."""

    file_bytes: int = 256 * 1024 * 1024
    rows: int = 2_000_000
    columns: int = 2_000
    cells: int = 100_000_000
    cell_characters: int = 64 * 1024
    line_bytes: int = 4 * 1024 * 1024
    name_characters: int = 200


PUBLISHED = Limits()
