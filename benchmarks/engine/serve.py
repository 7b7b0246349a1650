"""One contender in a process of its own, told over its standard input what to do: `losses N` or `timed SECONDS`."""

from __future__ import annotations

import importlib
import json
import os
import sys
from pathlib import Path
from typing import Any

for library in ("OMP", "OPENBLAS", "MKL", "BLIS"):  # before NumPy is loaded
    os.environ[f"{library}_NUM_THREADS"] = "1"
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"

MISSING = 3
"""The exit code where something that the contender needs is not installed."""


def main() -> None:
    """NAME of the contender, FILE with what it is given."""
    from benchmarks.engine.assignment import load
    from benchmarks.engine.contenders import MODULES

    name, file = sys.argv[1:]
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    module, made = MODULES[name].split(":")
    try:
        found = importlib.import_module(f"benchmarks.engine.contenders.{module}")
    except ModuleNotFoundError as error:
        print(error.name, file=sys.stderr)
        sys.exit(MISSING)
    contender = getattr(found, made)(load(Path(file)))
    _say({"other_work": contender.other_work})
    for line in sys.stdin:
        order, number = line.split()
        if order == "losses":
            _say([float(loss) for loss in contender.losses(int(number))])
        else:
            _say(contender.timed(float(number)))


def _say(answer: Any) -> None:
    print("answer " + json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
