"""How many threads a run takes where its steps are long: its share of them, and to the same numbers."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.runs.spec import RunSpec
from engine.tape.library import library
from tests.app.conftest import Server
from tests.app.runs.support import (
    add_table,
    endless,
    process_of,
    start,
    tell,
    wait_for_end,
    watching,
    workers,
    write_columns,
)
from tests.app.runs.test_process import hear_out

ROWS, COLUMNS = 4_000, 60
needs_tape = pytest.mark.skipif(library() is None, reason="without the tape a run has one thread")


def columns() -> dict[str, Any]:
    generator = np.random.default_rng(0)
    return {f"c{place}": generator.normal(size=ROWS).tolist() for place in range(COLUMNS)}


def heavy() -> dict[str, Any]:
    """A hundred workers and batches of all rows: 20 million multiplications a step, and more."""
    return workers(100)


@needs_tape
def test_several_threads_learn_what_one_does(tmp_path: Path) -> None:
    description = write_columns(tmp_path / "table", columns())
    ends = []
    for threads in (1, 2, 3):
        folder = tmp_path / f"run{threads}"
        folder.mkdir()
        settings = {"epochs": 20, "batch_size": 2_000, "holdout": 0.0}
        spec = RunSpec("r", heavy(), tmp_path / "table", "Many", description, "c0", settings, folder)
        heard, code = hear_out(replace(spec, threads=threads))
        assert code == 0
        kind, told = heard[-1]
        assert kind == "finished"
        ends.append((told["loss"], told["nodes"]))
    assert ends[0] == ends[1] == ends[2]


@needs_tape
@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="the system does not show threads")
def test_two_runs_share_the_threads_and_one_has_them_all(tmp_path: Path) -> None:
    trainer = Server(tmp_path / "data", ("--training-threads", "4")).start()
    add_table(trainer.data_dir)
    table = add_table(trainer.data_dir, columns(), "many")
    asked = {"graph": heavy(), "table": table, "target": "c0", "settings": {"epochs": 10_000_000, "batch_size": 2_000}}
    small = start(trainer, **endless())
    usual = most_threads(trainer, small, 1)
    tell(trainer, small, "stop")
    wait_for_end(trainer, small)
    alone = start(trainer, **asked)
    assert most_threads(trainer, alone, usual + 3) == usual + 3
    beside = start(trainer, **asked)
    assert most_threads(trainer, beside, usual + 1) == usual + 1
    for id in (alone, beside):
        tell(trainer, id, "stop")
    trainer.kill()


def most_threads(server: Server, id: str, expected: int) -> int:
    """How many there are at once while it trains, looked at often: for a second, and longer where they are too few."""
    with watching(server, id) as viewer:
        viewer.until_step(1)
    tasks, began, found = Path(f"/proc/{process_of(server, id)}/task"), time.monotonic(), 0
    while time.monotonic() < began + (1 if found >= expected else 20):
        found = max(found, len(list(tasks.iterdir())))
        time.sleep(0.002)
    return found
