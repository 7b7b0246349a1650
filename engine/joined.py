"""Several wires into one task: their numbers stand side by side."""

from __future__ import annotations

from engine.primitives.concatenate import Concatenate
from engine.program import Recorder


def joined(slots: tuple[int, ...], record: Recorder) -> int:
    """The one slot that holds all of them."""
    return slots[0] if len(slots) == 1 else record.step(Concatenate(), *slots)
