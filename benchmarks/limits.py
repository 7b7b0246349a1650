"""How near a step comes to what this machine can do: one JSON line a graph.

    OPENBLAS_NUM_THREADS=1 python -m benchmarks.limits

The limit of a step is the time that its multiplications take at the machine's best rate, which is that of a large
product of matrices in NumPy, or that its rows take to be read, whichever is more, and on top the time in which one
step waits for the one before it: a product, a comparison, a sum, a root and a division, about 80 cycles. Only winners
get feedback, so of a maximum's workers every row counts for one. `reached` is the limit's share of the step that the
engine takes, readings and all. float32, Adam, one thread, the least of several.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable

import numpy as np

from benchmarks.engine.graphs import TASKS, Task, layers
from benchmarks.training import begun

SIDE = 1_024
REPEATS = 12
CHAIN = 25e-9
READ = 1 << 26  # bytes
STEPS = {"G1": 20_000, "G2": 10_000, "G3": 1_500, "G4": 50, "G5": 50}


def main() -> None:
    """See above."""
    rate, bandwidth = multiplications_per_second(), bytes_per_second()
    print(json.dumps({"gflops": round(2e-9 * rate, 1), "gigabytes_a_second": round(1e-9 * bandwidth, 1)}), flush=True)
    for task in TASKS.values():
        products, rows = multiplications(task) / rate, 4 * task.batch * task.columns / bandwidth
        limit, step = max(products, rows) + CHAIN, taken(task)
        figures = {"limit_us": 1e6 * limit, "step_us": 1e6 * step, "reached": limit / step}
        print(json.dumps({"graph": task.name} | {name: round(one, 3) for name, one in figures.items()}), flush=True)


def multiplications_per_second() -> float:
    left, right, out = (np.ones((SIDE, SIDE), np.float32) for _ in range(3))
    return SIDE**3 / least(lambda: np.matmul(left, right, out=out))


def bytes_per_second() -> float:
    numbers = np.ones(READ // 8)
    return READ / least(numbers.max)


def multiplications(task: Task) -> float:
    """Of one step: everybody's estimates, and the feedback to winners, on weights and on whoever is below."""
    found = 0
    for place, layer in enumerate(layers(task.tree, task.columns)):
        heard = 1 if layer.reduce in ("maximum", "average") else layer.pieces
        found += layer.columns * layer.units * (layer.pieces + heard * (2 if place else 1))
    return float(task.batch * found)


def taken(task: Task) -> float:
    """Seconds of a step of ours."""
    events = iter(begun(task, pace=lambda: STEPS[task.name]))
    next(events), next(events)
    return least(lambda: next(events)) / STEPS[task.name]


def least(work: Callable[[], object]) -> float:
    """Processor seconds."""
    work()
    found = []
    for _ in range(REPEATS):
        before = time.process_time()
        work()
        found.append(time.process_time() - before)
    return min(found)


if __name__ == "__main__":
    main()
