"""A run's own process: its limits, what it says when it meets them, and how it ends."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.runs.children import Child
from app.runs.process import Bounds
from app.runs.scratch import scratch
from app.runs.spec import BROKE, LEAVE, LEFT, PACE, Command, RunSpec
from tests.app.conftest import ROOT
from tests.app.runs.support import PROJECTS, write_columns
from tests.engine.graphs import CALIFORNIA

Heard = list[tuple[str, dict[str, Any]]]
SLOW = (Command(1, PACE, {"steps_per_second": 2000}, 0),)


@pytest.fixture
def spec(tmp_path: Path) -> RunSpec:
    """An endless run, a hundred steps every 50 ms."""
    description = write_columns(tmp_path / "table", PROJECTS)
    (tmp_path / "run").mkdir()
    settings = {"epochs": 10_000_000}
    return RunSpec(
        "r", CALIFORNIA, tmp_path / "table", "Projects", description, "Cost", settings, tmp_path / "run", SLOW
    )


def hear_out(spec: RunSpec, bounds: Bounds | None = None, *, leave_at: int | None = None) -> tuple[Heard, int | None]:
    """All that a process says to its end, and how it ends."""
    child = Child(spec, bounds or Bounds())
    child.start()
    heard: Heard = []
    try:
        while True:
            heard += [(kind, json.loads(payload)) for kind, payload in child.receive()]
            if leave_at is not None and len(heard) >= leave_at:
                child.send(Command(0, LEAVE))
                leave_at = None
    except EOFError:
        return heard, child.join()


def test_a_process_that_is_told_to_leave_ends_well(spec: RunSpec) -> None:
    heard, code = hear_out(spec, leave_at=3)
    assert [heard[0][0], heard[1][0], heard[-1][0]] == ["started", "reading", LEFT]
    assert code == 0
    assert sorted(path.name for path in spec.folder.iterdir()) == ["checkpoint-1", "lock"]


def test_what_was_sent_before_it_began_is_not_lost(spec: RunSpec) -> None:
    child = Child(spec, Bounds())
    child.send(Command(0, LEAVE))
    child.start()
    with pytest.raises(EOFError):
        while True:
            child.receive()
    assert child.join() == 0


def test_one_that_is_killed_before_it_began_does_not_begin(spec: RunSpec) -> None:
    child = Child(spec, Bounds())
    child.kill()
    child.start()
    with pytest.raises(EOFError):
        while True:
            child.receive()
    assert child.join() == -signal.SIGKILL


def test_one_that_needs_too_much_memory_says_so(spec: RunSpec, tmp_path: Path) -> None:
    description = write_columns(tmp_path / "large", {"kind": np.arange(400_000) % 50, "cost": np.arange(400_000)})
    np.save(tmp_path / "large" / "0.npy", (np.arange(400_000) % 50).astype(np.int32))
    description["columns"][0] |= {"type": "category", "categories": [str(number) for number in range(50)]}
    large = replace(spec, table_folder=tmp_path / "large", description=description, target="cost")
    heard, code = hear_out(large, Bounds(memory_bytes=100 * 1024 * 1024))
    assert [kind for kind, _ in heard] == [BROKE]
    assert "memory" in heard[0][1]["message"]
    assert code == 0


def test_one_that_may_not_write_says_so(spec: RunSpec) -> None:
    heard, code = hear_out(spec, Bounds(file_bytes=100), leave_at=2)
    assert heard[-1][0] == BROKE
    assert "no room on the disk" in heard[-1][1]["message"]
    assert code == 0


def test_our_own_mistakes_are_not_blamed_on_anyone(spec: RunSpec, capfd: pytest.CaptureFixture[str]) -> None:
    heard, code = hear_out(replace(spec, settings={"epochs": 5, "seed": "no seed"}))
    assert heard[-1][0] == BROKE
    assert "seed" in heard[-1][1]["message"]
    heard, code = hear_out(replace(spec, table_folder=spec.folder))
    assert heard[-1][0] == BROKE
    assert "our mistake" in heard[-1][1]["message"]
    assert code == 0


def test_two_never_work_on_one_run(spec: RunSpec) -> None:
    first = Child(spec, Bounds())
    first.start()
    assert first.receive()
    second = Child(spec, Bounds())
    second.start()
    second.send(Command(0, LEAVE))
    assert (spec.folder / "lock").read_text() == f"{first.pid}\n"
    first.kill()
    with pytest.raises(EOFError):
        while True:
            second.receive()
    assert second.join() == 0
    assert (spec.folder / "lock").read_text() == f"{second.pid}\n"
    first.join()


def test_what_one_left_unfinished_is_cleared_away(spec: RunSpec) -> None:
    (spec.folder / ".tmp-left").write_bytes(b"half of a checkpoint")
    hear_out(spec, leave_at=1)
    assert not (spec.folder / ".tmp-left").exists()


def test_no_process_imports_from_the_folder_that_the_server_was_started_in(tmp_path: Path) -> None:
    (tmp_path / "numpy.py").write_text("raise SystemExit('imported from here')")
    (tmp_path / "engine.py").write_text("raise SystemExit('imported from here')")
    script = tmp_path / "elsewhere" / "script.py"
    script.parent.mkdir()
    script.write_text(
        f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
        "print('script')\n"
        "from app.runs import children\n"
        "children.warm_up()\n"
        "first = children._context.Process(target=print, args=('process',))\n"
        "with children._as_no_script():\n"
        "    first.start()\n"
        "first.join()\n"
    )
    done = subprocess.run([sys.executable, script], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("script\nprocess\n", "")


def test_few_rows_are_kept_in_memory_and_many_in_a_file_without_a_name(tmp_path: Path) -> None:
    allocate = scratch(tmp_path, large=8_000)
    small, large = allocate("features", (1000, 1), np.float64), allocate("features", (1001, 1), np.float64)
    assert isinstance(large, np.memmap)
    assert not isinstance(small, np.memmap)
    large[:] = 5
    assert large.sum() == 5005
    assert list(tmp_path.iterdir()) == []
