"""Gives everything that works on a tile of rows, or of groups of them, its place among the tile's numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.layout import LANES, Layout, padded
from engine.program import TASK, Step
from engine.tape.library import Merge
from engine.tape.telling import Entry, Span


class Tile:
    """Gives everything that works on rows its place.

    gathered: how many numbers of a row are brought in. as_gathered: where they stand, and copies of all of them.
    """

    def __init__(self, gathered: int, layout: Layout, tile_rows: int) -> None:
        self.gathered, self.layout, self.tile_rows = gathered, layout, tile_rows
        self.spans: dict[int, Span] = {TASK: Span(0, gathered)}
        self.as_gathered = {self.spans[TASK]}
        self.given: list[Span] = []
        self.numbers = gathered
        self.winners = 0
        self.by_row = tile_rows * padded(gathered)
        self.multiplications = 0
        self.entries: list[Entry] = []

    def entry(self, code: str, inputs: Sequence[Span], width: int, learns: bool = False, **fields: Any) -> Span:
        result = Span(self.take(width), width)
        self.entries.append(Entry(code, inputs, result, learns, fields))
        return result

    def take(self, width: int) -> int:
        """Room for some numbers of the tile."""
        self.numbers += width
        return self.numbers - width

    def read(self, step: Step) -> list[Span]:
        return [self.spans[slot] for slot in step.inputs]

    def take_winners(self, width: int) -> int:
        self.winners += width
        return self.winners - width


class Groups(Tile):
    """The same for what works on groups: given: what rows are made, which feedback is wanted on if any."""

    def __init__(self, rows: Tile) -> None:
        super().__init__(0, rows.layout, rows.tile_rows)
        self.rows, self.spans = rows, {}
        self.by_row = LANES  # a task that stands row by row at 0 is that of the rows as they were gathered
        self.merges: list[Merge] = []
