"""Files and folders: whole or not there, also after kill -9."""

from __future__ import annotations

import os
import stat
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app import files
from tests.app.conftest import killed

ROUNDS = 30


def test_a_file_is_old_or_new_after_kill_9(tmp_path: Path, start_child: Callable[..., subprocess.Popen[str]]) -> None:
    path = tmp_path / "file"
    for number in range(ROUNDS):
        said = killed(start_child("children", "write_file", path, number), number)
        lines = path.read_text().split("\n")[:-1]
        assert len(lines) == 20_000
        assert len(set(lines)) == 1
        found = int(lines[0].split("-")[1])
        assert found >= int(said[-1].split("-")[1])
    files.sweep(tmp_path, None)
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]


def test_a_folder_is_whole_or_absent_after_kill_9(
    tmp_path: Path, start_child: Callable[..., subprocess.Popen[str]]
) -> None:
    acknowledged: set[str] = set()
    for number in range(ROUNDS):
        acknowledged |= set(killed(start_child("children", "publish_folders", tmp_path, number), number))
    files.sweep(tmp_path, None)
    found = {entry.name for entry in tmp_path.iterdir()}
    assert acknowledged <= found
    assert not any(name.startswith(files.ASIDE) for name in found)
    for name in found:
        for part in ("a", "b", "inner/c"):
            assert (tmp_path / name / part).read_text() == f"{name}\n" * 5_000


def test_all_is_on_the_disk_before_it_has_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """kill -9 cannot show this, as the system keeps what was written; a loss of power would."""
    done: list[str] = []
    sync, rename = os.fsync, os.rename

    def noting_sync(handle: int) -> None:
        done.append("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file")
        sync(handle)

    def noting_rename(old: Path, new: Path) -> None:
        done.append("rename")
        rename(old, new)

    monkeypatch.setattr(os, "fsync", noting_sync)
    monkeypatch.setattr(os, "rename", noting_rename)
    files.write_file(tmp_path / "file", [b"x"])
    assert done == ["file", "rename", "folder"]
    done.clear()
    aside = files.new_folder(tmp_path)
    (aside / "inner").mkdir()
    (aside / "inner" / "a").write_text("x")
    files.publish_folder(aside, tmp_path / "folder")
    assert done == ["folder", "file", "folder", "rename", "folder"]


def test_a_file_that_cannot_be_finished_leaves_the_old_one(tmp_path: Path) -> None:
    def chunks() -> Iterator[bytes]:
        yield b"half"
        raise RuntimeError

    files.write_file(tmp_path / "file", [b"o", b"ld"])
    with pytest.raises(RuntimeError):
        files.write_file(tmp_path / "file", chunks())
    assert {entry.name: entry.read_text() for entry in tmp_path.iterdir()} == {"file": "old"}


def test_a_published_name_is_not_taken_twice(tmp_path: Path) -> None:
    files.publish_folder(files.new_folder(tmp_path), tmp_path / "a")
    with pytest.raises(FileExistsError):
        files.publish_folder(files.new_folder(tmp_path), tmp_path / "a")


def test_a_removed_folder_is_gone_and_may_be_gone_already(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "c").write_text("x")
    files.remove_folder(tmp_path / "a")
    files.remove_folder(tmp_path / "a")
    assert list(tmp_path.iterdir()) == []


def test_a_sweep_takes_the_unfinished_and_the_unknown_and_no_more(tmp_path: Path) -> None:
    (tmp_path / f"{files.ASIDE}file").write_text("x")
    (files.new_folder(tmp_path) / "inside").write_text("x")
    for name in ("known", "unknown"):
        (tmp_path / name).mkdir()
    (tmp_path / "file").write_text("x")
    outside = tmp_path.parent / f"{tmp_path.name}-outside"
    outside.mkdir()
    (outside / "kept").write_text("x")
    (tmp_path / "link").symlink_to(outside)
    assert len(files.sweep(tmp_path, None)) == 2
    assert files.sweep(tmp_path, {"known"}) == ["link", "unknown"]
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["file", "known"]
    assert (outside / "kept").exists()
    assert files.sweep(tmp_path / "absent", set()) == []
