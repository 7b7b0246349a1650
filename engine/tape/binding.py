"""Hands what was recorded to the C functions: structures, and the arrays that they point to."""

from __future__ import annotations

import ctypes
from collections.abc import Mapping
from typing import Any

import numpy as np

from engine.tape.library import Goal, Input, Job, Level, Merge, Operation
from engine.tape.recording import Recorded, Recording


class Bound:
    """A job for one recording, with all that it points to and Python must keep alive."""

    def __init__(self, recording: Recording, arrays: Mapping[str, Any], **fields: Any) -> None:
        """arrays: by field of the job, an array; fields: plain numbers."""
        self._levels = [_arrays(level) for level in (recording.rows, recording.groups) if level]
        self._kept = {
            "goals": (Goal * len(recording.goals))(*recording.goals),
            "merges": (Merge * len(recording.merges))(*recording.merges),
            **arrays,
        }
        self.job = Job(
            on_rows=_level(recording.rows, self._levels[0]),
            goals_count=len(recording.goals),
            merges_count=len(recording.merges),
            tile_rows=recording.tile_rows,
            **fields,
        )
        if recording.groups is not None:
            self.job.on_groups = _level(recording.groups, self._levels[1])
        for name, kept in self._kept.items():
            setattr(self.job, name, _address(kept))

    def __getitem__(self, name: str) -> Any:
        return self._kept[name]


def _arrays(level: Recorded) -> tuple[Any, ...]:
    """What a level points to."""
    operations = (Operation * len(level.operations))(*level.operations)
    return operations, (Input * len(level.inputs))(*level.inputs), np.ascontiguousarray(level.zeroed)


def _level(level: Recorded, arrays: tuple[Any, ...]) -> Level:
    counts = len(level.operations), len(level.zeroed)
    return Level(*map(_address, arrays), *counts, level.numbers, level.by_row, level.winners)


def _address(kept: Any) -> int:
    """Where the C function finds an array."""
    return int(kept.ctypes.data if isinstance(kept, np.ndarray) else ctypes.addressof(kept))
