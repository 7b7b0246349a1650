"""Checkpoints of a run: all that it needs to go on to the same bits, in two files of which one is always whole.

A file is the SHA-256 of the rest, then an `.npz` without pickles. The two are written in turn, so that when the
newest is damaged the one before is there.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from app import files
from engine.training.checkpoint import Checkpoint, from_arrays

NAMES = ("checkpoint-0", "checkpoint-1")
DIGEST = hashlib.sha256().digest_size


@dataclass(frozen=True)
class Kept:
    """A checkpoint with what the run needs beside it.

    obeyed: by number, the step at which each learning rate, pause ... that it knows of was obeyed.
    trained: seconds of training so far. serial: counts the checkpoints of a run.
    """

    checkpoint: Checkpoint
    obeyed: Mapping[int, int] = field(default_factory=dict)
    trained: float = 0.0
    serial: int = 0

    @property
    def step(self) -> int:
        return self.checkpoint.state.step


def newest(folder: Path) -> Kept | None:
    """The newest checkpoint that is whole; None where there is none."""
    whole = [kept for name in NAMES if (kept := _read(folder / name)) is not None]
    return max(whole, key=lambda kept: kept.serial, default=None)


def write(folder: Path, kept: Kept) -> None:
    """Put a checkpoint on the disk, in place of the one before the last. Its serial says which that is."""
    body = _pack(kept)
    files.write_file(folder / NAMES[kept.serial % 2], [hashlib.sha256(body).digest(), body])


def _pack(kept: Kept) -> bytes:
    obeyed = np.array(sorted(kept.obeyed.items()), np.int64).reshape(-1, 2)
    ours = {"obeyed": obeyed, "trained": np.array(kept.trained), "serial": np.array(kept.serial)}
    file = io.BytesIO()
    np.savez(file, allow_pickle=False, **kept.checkpoint.to_arrays(), **ours)
    return file.getvalue()


def _read(path: Path) -> Kept | None:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    digest, body = content[:DIGEST], content[DIGEST:]
    if hashlib.sha256(body).digest() != digest:
        return None
    with np.load(io.BytesIO(body), allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files}
    obeyed = {int(number): int(step) for number, step in arrays["obeyed"]}
    return Kept(from_arrays(arrays), obeyed, float(arrays["trained"]), int(arrays["serial"]))
