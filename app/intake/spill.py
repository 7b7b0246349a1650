"""The accepted cells on their way: written to a temporary folder row by row, read back column by column.

Memory stays the same however large the table is: a few megabytes of rows, then a few columns at a time.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from app.intake.judge import Record
from app.intake.plain import Plain

PIECE_CELLS, PIECE_SIZE = 1 << 13, 1 << 20  # small, so that few Python strings live at a time
BATCH_BYTES = 1 << 25
CELL_BYTES = 16  # what a text takes beside its characters
READ_CELLS = 1 << 22


class Spill:
    """Rows of texts in, columns of texts out. The columns are named "0", "1" and so on."""

    def __init__(self, folder: Path, width: int) -> None:
        self._folder = folder
        self._names = [str(number) for number in range(width)]
        self._cells: list[str] = []  # row after row, and so the pieces
        self._size = 0
        self._pieces: list[pl.Series] = []
        self._frames: list[pl.DataFrame] = []
        self._waiting = 0  # bytes in pieces and frames
        self._files: list[Path] = []
        self._lines = array("i")

    @property
    def rows(self) -> int:
        return len(self._lines)

    def add(self, row: Record) -> None:
        """Take one row."""
        self._cells += row.cells
        self._size += row.size
        self._lines.append(row.line)
        if len(self._cells) >= PIECE_CELLS or self._size >= PIECE_SIZE:
            self._end_piece()
            self._write_if_full()

    def add_plain(self, rows: Plain) -> None:
        """Take a block of rows."""
        self._end_frame()
        self._frames.append(rows.cells)
        self._waiting += rows.size + CELL_BYTES * len(rows.cells) * rows.cells.width
        self._lines.extend(range(rows.line, rows.line + len(rows.cells)))
        self._write_if_full()

    def lines(self) -> npt.NDArray[np.int32]:
        """The physical line of each row."""
        return np.array(self._lines, dtype=np.int32)

    def line_of(self, row: int) -> int:
        return self._lines[row]

    def columns(self) -> Iterator[pl.Series]:
        """All columns in order, each whole."""
        self._write()
        step = max(1, READ_CELLS // max(1, self.rows))
        for start in range(0, len(self._names), step):
            names = self._names[start : start + step]
            yield from pl.concat([pl.read_ipc(file, columns=names) for file in self._files])

    def _end_piece(self) -> None:
        if self._cells:
            self._pieces.append(pl.Series(self._cells, dtype=pl.String))
            self._waiting += self._size + CELL_BYTES * len(self._cells)
            self._cells, self._size = [], 0

    def _end_frame(self) -> None:
        """Turn what came row by row into columns."""
        self._end_piece()
        if self._pieces:
            cells, width = pl.concat(self._pieces), len(self._names)
            columns = {name: cells.gather_every(width, at) for at, name in enumerate(self._names)}
            self._frames.append(pl.DataFrame(columns))
            self._pieces = []

    def _write_if_full(self) -> None:
        if self._waiting >= BATCH_BYTES:
            self._write()

    def _write(self) -> None:
        self._end_frame()
        if self._frames:
            self._files.append(self._folder / f"{len(self._files):05d}.arrow")
            pl.concat(self._frames).write_ipc(self._files[-1], compression="uncompressed")
            self._frames, self._waiting = [], 0
