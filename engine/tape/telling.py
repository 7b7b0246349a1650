"""Who tells whom: for each number of a tile whether feedback on it is wanted, is the first to arrive, or is added."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from engine.tape.library import ADD, CODES, DEAF, SET, Input, Operation


@dataclass(frozen=True)
class Span:
    """Some numbers of a tile that stand together, and what they are multiplied by where they are read."""

    at: int
    width: int
    factor: float = 1.0


@dataclass
class Entry:
    """One operation with its inputs, before it is known who tells whom."""

    code: str
    inputs: Sequence[Span]
    result: Span
    learns: bool = False
    fields: dict[str, Any] = field(default_factory=dict)


class Telling:
    """Follows the feedback on a tile's numbers: it begins at the end, and goes from the last operation to the first.

    zeroed: pairs (at, width) of feedback that is to begin with nothing. wanted: numbers before the first operation on
    which somebody else wants feedback.
    """

    def __init__(self, entries: Sequence[Entry], numbers: int, wanted: Sequence[Span] = ()) -> None:
        self.zeroed: list[tuple[int, int]] = []
        self._entries = entries
        self._wanted = np.zeros(numbers, bool)
        self._arrived = np.zeros(numbers, bool)
        for span in wanted:
            self._wanted[_slice(span)] = True
        for entry in entries:
            if entry.learns or any(self.wants(span) for span in entry.inputs):
                self._wanted[_slice(entry.result)] = True

    def wants(self, span: Span) -> bool:
        """Whether anybody learns from feedback on some of these numbers."""
        return bool(self._wanted[_slice(span)].any())

    def arrive(self, span: Span) -> int:
        """How feedback arrives that is told next."""
        if not self._arrived[_slice(span)].any():
            self._arrived[_slice(span)] = True
            return SET
        self.begin_with_nothing(span)
        return ADD

    def begin_with_nothing(self, span: Span) -> None:
        """Those of these numbers that no feedback has come to yet."""
        missing = np.flatnonzero(~self._arrived[_slice(span)]) + span.at
        self.zeroed.extend((int(at), 1) for at in missing)
        self._arrived[_slice(span)] = True

    def settle(self) -> tuple[list[Operation], list[Input]]:
        """The operations with their inputs, once everything has arrived that comes from elsewhere."""
        tellings = {index: self._tellings(self._entries[index]) for index in reversed(range(len(self._entries)))}
        operations: list[Operation] = []
        inputs: list[Input] = []
        for index, entry in enumerate(self._entries):
            fields = {"first_input": len(inputs), "inputs": len(entry.inputs), "at": entry.result.at}
            code = CODES.index(entry.code)
            operations.append(Operation(code=code, width=entry.result.width, **fields, **entry.fields))
            for span, telling in zip(entry.inputs, tellings[index], strict=True):
                inputs.append(Input(span.at, span.width, telling, 0, span.factor))
        return operations, inputs

    def _tellings(self, entry: Entry) -> list[int]:
        if self.wants(entry.result):
            self.begin_with_nothing(entry.result)
        return [self.arrive(span) if self.wants(span) else DEAF for span in entry.inputs]


def _slice(span: Span) -> slice:
    return slice(span.at, span.at + span.width)
