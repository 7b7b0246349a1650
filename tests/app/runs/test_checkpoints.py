"""Checkpoints come back to the bit; a damaged one is noticed, and the one before is used."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from app.runs import checkpoints
from app.runs.checkpoints import NAMES, Kept
from engine.training.checkpoint import Checkpoint
from engine.training.executor import State


def kept(serial: int, step: int = 7) -> Kept:
    generator = np.random.default_rng(serial)
    memory = (generator.normal(size=9), generator.normal(size=9))
    return Kept(Checkpoint(State(generator.normal(size=9), memory, step), 0.1), {1: 0, 12: 5}, 2.5, serial)


def assert_same(found: Kept | None, wanted: Kept) -> None:
    assert found is not None
    assert (found.obeyed, found.trained, found.serial) == (wanted.obeyed, wanted.trained, wanted.serial)
    assert (found.step, found.checkpoint.base_rate) == (wanted.step, wanted.checkpoint.base_rate)
    for one, other in zip(
        (found.checkpoint.state.parameters, *found.checkpoint.state.memory),
        (wanted.checkpoint.state.parameters, *wanted.checkpoint.state.memory),
        strict=True,
    ):
        assert one.tobytes() == other.tobytes()


def test_the_newest_comes_back_to_the_bit(tmp_path: Path) -> None:
    assert checkpoints.newest(tmp_path) is None
    for serial in range(1, 6):
        checkpoints.write(tmp_path, kept(serial))
        assert_same(checkpoints.newest(tmp_path), kept(serial))
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(NAMES)


def test_of_two_at_the_same_step_the_later_counts(tmp_path: Path) -> None:
    checkpoints.write(tmp_path, kept(1, step=50))
    checkpoints.write(tmp_path, kept(2, step=50))
    assert_same(checkpoints.newest(tmp_path), kept(2, step=50))


@pytest.mark.parametrize("damage", ["empty", "cut", "bit", "digest", "garbage"])
def test_a_damaged_one_gives_way_to_the_one_before(tmp_path: Path, damage: str) -> None:
    checkpoints.write(tmp_path, kept(1))
    checkpoints.write(tmp_path, kept(2))
    newest = tmp_path / NAMES[0]
    content = newest.read_bytes()
    middle = len(content) // 2
    flipped = bytes([content[middle] ^ 1])
    newest.write_bytes({
        "empty": b"",
        "cut": content[:-1],
        "bit": content[:middle] + flipped + content[middle + 1 :],
        "digest": b"x" + content[1:],
        "garbage": bytes(1000),
    }[damage])  # fmt: skip
    assert_same(checkpoints.newest(tmp_path), kept(1))
    (tmp_path / NAMES[1]).unlink()
    assert checkpoints.newest(tmp_path) is None
