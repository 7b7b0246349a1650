"""The process that reads a file: bounded in memory and time, and never heard of again."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from app.config import MEGABYTE
from app.importing import Bounds, child
from app.importing.process import Job, run_import
from app.problems import HTTPProblem
from tests.app.uploads import PROJECTS, many_rows


def job(folder: Path, content: bytes) -> Job:
    (folder / "upload").write_bytes(content)
    (folder / "columns").mkdir()
    return Job(folder / "upload", folder / "columns", "projects", 256 * MEGABYTE)


def outcome(asked: Job, bounds: Bounds) -> HTTPProblem:
    with pytest.raises(HTTPProblem) as raised:
        asyncio.run(run_import(asked, bounds, lambda share: None))
    return raised.value


def test_a_file_is_read_and_its_progress_told(tmp_path: Path) -> None:
    shares: list[float] = []
    described = asyncio.run(run_import(job(tmp_path, PROJECTS.encode()), Bounds(), shares.append))
    assert (described["rows"], described["name"]) == (4, "projects")
    assert shares == sorted(shares)
    assert sorted(path.name for path in (tmp_path / "columns").iterdir()) == ["c000.npy", "c001.npy", "c002.npy"]


def test_an_import_has_only_so_much_time(tmp_path: Path) -> None:
    refused = outcome(job(tmp_path, many_rows(200_000)), Bounds(seconds=0.3))
    assert (refused.status_code, refused.details.code) == (422, "import-time")


@pytest.mark.parametrize("megabytes", [40, 120, 150])
def test_an_import_has_only_so_much_memory(tmp_path: Path, megabytes: int) -> None:
    refused = outcome(job(tmp_path, many_rows(400_000)), Bounds(memory=megabytes * MEGABYTE))
    assert (refused.status_code, refused.details.code) == (422, "import-memory")
    assert f"{megabytes:,} MB" in refused.details.detail


@pytest.mark.parametrize(
    ("error", "failed"),
    [
        (OSError(28, "No space left on device"), "disk"),
        (OSError("No space left on device (os error 28)"), "disk"),
        (RuntimeError("Cannot allocate memory (os error 12)"), "memory"),
    ],
)
def test_what_the_system_refuses_is_told_apart(error: Exception, failed: str) -> None:
    assert child.FAILURES[child._number_of(error)] == failed


def test_an_error_of_ours_goes_to_the_log_and_not_to_the_person(tmp_path: Path) -> None:
    asked = replace(job(tmp_path, PROJECTS.encode()), dialect={"colour": "red"})
    with pytest.raises(RuntimeError, match="unexpected keyword argument 'colour'"):
        asyncio.run(run_import(asked, Bounds(), lambda share: None))
