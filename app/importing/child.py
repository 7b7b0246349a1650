"""The process that reads one file: a job on standard input, progress on standard output, the outcome in a file."""

from __future__ import annotations

import errno
import json
import os
import re
import resource
import sys
import threading
import time
from pathlib import Path
from types import ModuleType
from typing import Any

TOO_LARGE, STUCK = 70, 71  # exit codes
FAILURES: dict[int | None, str] = {errno.ENOSPC: "disk", errno.EDQUOT: "disk", errno.ENOMEM: "memory"}
PULSE = 0.1  # seconds between two reports of progress
LOOK = 0.05  # seconds between two looks at the memory
PATIENCE = 120.0  # seconds with next to no work done, after which it is stuck
RESERVE = 2 << 30  # bytes of address space that need never be filled: code, and what allocators set aside
UNIT = 1 if sys.platform == "darwin" else 1024  # bytes, of what the system counts memory in


def main() -> None:
    with open(0, "rb", buffering=0, closefd=False) as standard_input:
        job = json.loads(standard_input.readline())
    threading.Thread(target=_end_with_the_server, daemon=True).start()
    from app import intake  # what that takes is no matter of the file

    _bound(job)
    threading.Thread(target=_watch, args=(job["memory"],), daemon=True).start()
    try:
        outcome = json.dumps(_outcome(intake, job))
    except MemoryError:
        outcome = '{"failed": "memory"}'
    Path(job["result"]).write_text(outcome, encoding="utf-8")


def _end_with_the_server() -> None:
    """Nothing more comes on standard input: when it ends, the server has."""
    os.read(0, 1)
    os._exit(1)


def _bound(job: dict[str, Any]) -> None:
    """The hard limits. Native code that meets them may abort, or wait for ever; `_watch` comes before them."""
    space, seconds = job["memory"] + RESERVE, int(job["seconds"] * (os.cpu_count() or 1)) + 1
    for what, most in ((resource.RLIMIT_AS, space), (resource.RLIMIT_CPU, seconds), (resource.RLIMIT_CORE, 0)):
        _, hard = resource.getrlimit(what)
        known = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (known, hard))
    os.nice(5)  # pages and runs go first


def _watch(memory: int) -> None:
    """End the process where it takes too much memory, or does nothing any more."""
    since, worked = time.monotonic(), time.process_time()
    while True:
        time.sleep(LOOK)
        if resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * UNIT > memory:
            os._exit(TOO_LARGE)
        if time.monotonic() - since > PATIENCE:
            if time.process_time() - worked < PATIENCE / 50:
                os._exit(STUCK)
            since, worked = time.monotonic(), time.process_time()


def _outcome(intake: ModuleType, job: dict[str, Any]) -> dict[str, Any]:
    try:
        description = intake.import_file(
            Path(job["source"]),
            Path(job["columns"]),
            name=job["name"],
            limits=intake.Limits(file_bytes=job["file_bytes"]),
            dialect=intake.Dialect(**job["dialect"]),
            progress=_Pulse(),
        )
    except intake.Refused as refusal:
        return {"refused": {"reason": refusal.reason, "cure": refusal.cure, "line": refusal.line}}
    except Exception as error:
        failed = FAILURES.get(_number_of(error))
        if failed is None:
            raise
        return {"failed": failed}
    return {"description": description.to_json()}


def _number_of(error: Exception) -> int | None:
    """The system's number for what failed; errors of native code only have it in their words."""
    told = re.search(r"\(os error (\d+)\)", str(error))
    number = getattr(error, "errno", None)
    return number if isinstance(number, int) else int(told[1]) if told else None


class _Pulse:
    """Says how far it is, ten times a second at most."""

    def __init__(self) -> None:
        self._last = 0.0

    def __call__(self, share: float) -> None:
        now = time.monotonic()
        if now - self._last >= PULSE:
            self._last = now
            print(f"{share:.4f}", flush=True)


if __name__ == "__main__":
    main()
