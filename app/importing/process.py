"""Reads a file in a process of its own, so that no file can take the server's memory, or the server, with it."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, NoReturn

import app
from app.config import MEGABYTE
from app.errors import DiskFull
from app.importing.child import STUCK, TOO_LARGE
from app.problems import HTTPProblem

COMMAND = (sys.executable, "-P", "-m", "app.importing.child")
LARGEST_DESCRIPTION = 32 * MEGABYTE


@dataclass(frozen=True)
class Bounds:
    """What one import may take of the machine: bytes of memory, and seconds."""

    memory: int = 2048 * MEGABYTE
    seconds: float = 1800.0


@dataclass(frozen=True)
class Job:
    """A file to be read into an empty folder, and what else goes beside it.

    dialect: the fields of `app.intake.Dialect` that were chosen.
    """

    source: Path
    columns: Path
    name: str
    file_bytes: int
    dialect: Mapping[str, Any] = field(default_factory=dict)

    @property
    def result(self) -> Path:
        return self.columns.with_name("outcome.json")

    @property
    def errors(self) -> Path:
        return self.columns.with_name("errors")


async def run_import(job: Job, bounds: Bounds, progress: Callable[[float], None]) -> dict[str, Any]:
    """The description of the table, as `app.intake.TableDescription` tells it.

    Raises HTTPProblem 422 where the file is refused or asks for too much, 500 where the process was ended from
    outside, and DiskFull.
    """
    with job.errors.open("xb") as errors:  # not ours: native code that runs out of memory fills pages
        process = await asyncio.create_subprocess_exec(
            *COMMAND, stdin=PIPE, stdout=PIPE, stderr=errors, env=_environment(), start_new_session=True
        )
    try:
        async with asyncio.timeout(bounds.seconds):
            code = await _follow(process, job, bounds, progress)
    except TimeoutError:
        raise _too_slow(bounds) from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if code:
        _explain(code, job, bounds)
    return _outcome(job.result, bounds)


async def _follow(process: Process, job: Job, bounds: Bounds, progress: Callable[[float], None]) -> int:
    """Hand the job over and listen until the process ends. Its standard input stays open: it ends when we do."""
    assert process.stdin is not None and process.stdout is not None
    told = {**asdict(job), "result": job.result, "memory": bounds.memory, "seconds": bounds.seconds}
    with suppress(OSError, RuntimeError):  # it was ended already; its code says by whom
        process.stdin.write(json.dumps(told, default=os.fspath).encode() + b"\n")
    async for line in process.stdout:
        progress(float(line))
    return await process.wait()


def _environment() -> dict[str, str]:
    """Ours, with the place where this very `app` was found."""
    assert app.__file__ is not None
    places = [os.fspath(Path(app.__file__).parents[1]), os.environ.get("PYTHONPATH", "")]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, places))}


def _outcome(result: Path, bounds: Bounds) -> dict[str, Any]:
    if result.stat().st_size > LARGEST_DESCRIPTION:
        said = "The table has too many long texts in too many columns. Leave out columns that you do not need."
        raise HTTPProblem(422, "table-refused", said)
    told = json.loads(result.read_bytes())
    if refusal := told.get("refused"):
        said = f"{refusal['reason']} {refusal['cure']}"
        raise HTTPProblem(422, "table-refused", said, **refusal)
    if told.get("failed") == "memory":
        raise _too_large(bounds)
    if told.get("failed") == "disk":
        raise DiskFull("The disk has no room left, so the table was not kept.")
    description: dict[str, Any] = told["description"]
    return description


def _explain(code: int, job: Job, bounds: Bounds) -> NoReturn:
    """Raise the problem of a process that ended without an outcome."""
    if code == -signal.SIGXCPU:
        raise _too_slow(bounds)
    if code in (TOO_LARGE, -signal.SIGABRT, -signal.SIGSEGV, -signal.SIGBUS):
        raise _too_large(bounds)  # by its own account, or as native code ends that is given no memory
    if code in (STUCK, -signal.SIGKILL):
        said = "The import was ended, probably because memory ran short. Nothing was kept. Try again."
        raise HTTPProblem(500, "import-ended", said)
    raise RuntimeError(f"The import ended with code {code}:\n{_tail(job.errors)}")


def _tail(path: Path) -> str:
    """The last of what the process said, for the log."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 4096))
        return file.read().decode("utf-8", "replace")


def _too_large(bounds: Bounds) -> HTTPProblem:
    said = f"Reading the file takes more than {bounds.memory // MEGABYTE:,} MB of memory. Use a part of it."
    return HTTPProblem(422, "import-memory", said)


def _too_slow(bounds: Bounds) -> HTTPProblem:
    said = f"Reading the file takes longer than {bounds.seconds:,.0f} seconds. Use a part of it."
    return HTTPProblem(422, "import-time", said)
