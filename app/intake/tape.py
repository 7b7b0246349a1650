"""The lines of a file in blocks: read line by line, or a block at a time, and read again where a record broke off."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator

from app.intake.refusal import Refused

READ_TWICE = 512 * 1024 * 1024  # characters that may be read again after quotes that were never closed


class Tape:
    """An iterator over physical lines. `line` is the number, from 1, of the first line that is not yet let go."""

    def __init__(self, blocks: Iterable[list[str]], spare: int = READ_TWICE) -> None:
        self._blocks = iter(blocks)
        self._queue: deque[str] = deque()
        self._spare = spare
        self.held: list[str] = []  # the lines of the record at hand
        self.line = 1

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        while not self._queue:
            self._queue.extend(next(self._blocks))
        line = self._queue.popleft()
        self.held.append(line)
        return line

    def let_go(self) -> None:
        """The record is done with."""
        self.line += len(self.held)
        self.held.clear()

    def keep_first(self) -> None:
        """Put back all lines of the record but its first. Raises Refused where this would have no end."""
        self._queue.extendleft(reversed(self.held[1:]))
        self._spare -= sum(map(len, self.held[1:]))
        del self.held[1:]
        if self._spare < 0:
            reason = f"Up to line {self.line:,} too many quote marks are opened and not closed."
            raise Refused(reason, "Check which quote mark and which delimiter the file uses.", self.line)

    def next_block(self) -> list[str] | None:
        """The whole next block if nothing of it was read, and it is thereby read; None otherwise or at the end."""
        return None if self._queue else next(self._blocks, None)

    def put_back(self, block: list[str]) -> None:
        self._queue.extendleft(reversed(block))
