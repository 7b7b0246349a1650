"""What a training costs as it grows, and what it leaves to others: one JSON line a measure.

    python -m benchmarks.training                     all of it
    python -m benchmarks.training start readings      some of it

start: seconds from a fresh Python, which keeps the bytecode of modules, to the first finished step. threads: times
faster with two threads than with one. epoch: ten million rows of ten columns, eight workers, batches of 256. growth: an
epoch's processor time with ten times the rows, columns or workers, as a ratio. readings: the share of a run's time that
goes into readings, at the pace of the app. short: how many readings runs have that are over at once. timer: how late a
5 ms timer of this process is while another one trains. groups: how many times faster the tape is than the callbacks at
learning from groups of so many rows, with maxima of workers before the mean of each group and after it. Processor time,
but for `threads`, `start` and `timer`: the machine's other load shows in those. NumPy is to have one thread, as in a
run of the app: OPENBLAS_NUM_THREADS=1.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from app.runs.pacing import Pacing
from benchmarks.engine.assignment import rows_of
from benchmarks.engine.contenders.ours import SETTINGS, graph_of
from benchmarks.engine.graphs import TASKS, Task, maximum
from benchmarks.routes.lateness import lateness
from engine.examples import examples_of
from engine.graph import Node, Wire
from engine.plan import compile
from engine.table import Column, Table
from engine.tape.executor import tape_for
from engine.training.executor import Callbacks, Executor, State, Work
from engine.training.preparing import in_memory, prepared
from engine.training.settings import Settings
from engine.training.split import Batches, Order
from engine.training.train import Training, train

REPEATS = 5
SLICE = 150  # steps of a fifth of a second, as slices of the app have at these graphs
FIRST_STEP = """
import time
began = time.perf_counter()
from engine import graph
from engine.table import from_columns
from engine.training.train import train
nodes = [{"id": "in", "kind": "columns"}, {"id": "a", "kind": "linear"}, {"id": "b", "kind": "linear"},
         {"id": "max", "kind": "maximum"}, {"id": "out", "kind": "estimate"}]
wires = [{"source": s, "target": t} for s, t in (("in", "a"), ("in", "b"), ("a", "max"), ("b", "max"), ("max", "out"))]
drawn = graph.from_json({"format": "backchannel.graph", "version": 1, "name": "", "nodes": nodes, "wires": wires})
table = from_columns({"x": [0, 1, 0, 1], "z": [0, 0, 1, 1], "y": [1, 5, 8, 10]})
for event in train(drawn, table, "y", pace=lambda: 1):
    if event.step:
        break
print(time.perf_counter() - began, time.process_time())
"""
TRAIN = """
from benchmarks.training import begun
from benchmarks.engine.graphs import TASKS
print("ready", flush=True)
for _ in begun(TASKS["G2"], pace=lambda: 20_000):
    pass
"""


def main() -> None:
    """See above."""
    measures: dict[str, Callable[[], Iterator[dict[str, Any]]]] = {
        "start": start, "threads": threads, "epoch": epoch, "growth": growth, "readings": readings, "short": short,
        "timer": timer, "groups": groups,
    }  # fmt: skip
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("measures", nargs="*", choices=[*measures, []])
    for name in parser.parse_args().measures or measures:
        for found in measures[name]():
            print(json.dumps({"measure": name} | found), flush=True)


def begun(task: Task, epochs: int = 10_000_000, holdout: float = 0, **how: Any) -> Training:
    """A training of the task over rows of its own, with a share of them kept aside."""
    features, targets = rows_of(task)
    data = {f"c{place}": features[:, place].astype(float) for place in range(task.columns)}
    columns = tuple(Column(name, "number") for name in (*data, "y"))
    given: dict[str, Any] = SETTINGS | {"epochs": epochs, "batch_size": task.batch, "holdout": holdout}
    settings = Settings(precision="float32", **given)
    return train(graph_of(task), Table(columns, data | {"y": targets.astype(float)}), "y", settings, **how)


def start() -> Iterator[dict[str, Any]]:
    runs, kept = [], {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    for _ in range(2 * REPEATS):
        command = [sys.executable, "-c", FIRST_STEP]
        said = subprocess.run(command, capture_output=True, text=True, check=True, env=kept).stdout
        runs.append([float(number) for number in said.split()])
    wall, cpu = (round(min(run[place] for run in runs), 3) for place in (0, 1))
    yield {"import_to_first_step_s": wall, "process_cpu_s": cpu}


def threads() -> Iterator[dict[str, Any]]:
    for name in ("G4", "G5"):
        pair = [iter(begun(TASKS[name], threads=count, pace=lambda: SLICE)) for count in (1, 2)]
        for events in pair:
            next(events), next(events)
        rounds = [[_wall(events) for events in pair] for _ in range(2 * REPEATS)]
        best = [min(taken) for taken in zip(*rounds, strict=True)]
        yield {"graph": name, "times_faster_with_two": round(best[0] / best[1], 2)}


def _wall(events: Any) -> float:
    before = time.perf_counter()
    next(events)
    return time.perf_counter() - before


def epoch() -> Iterator[dict[str, Any]]:
    task = Task("", maximum(8), 10, 10_000_000, 256)
    yield {"rows": task.rows, "columns": 10, "workers": 8, "epoch_cpu_s": round(_epoch(task), 3)}


def growth() -> Iterator[dict[str, Any]]:
    base = Task("", maximum(8), 10, 102_400, 256)
    least = _epoch(base)
    grown = {
        "rows": Task("", maximum(8), 10, 1_024_000, 256),
        "columns": Task("", maximum(8), 100, 102_400, 256),
        "workers": Task("", maximum(80), 10, 102_400, 256),
    }
    for what, task in grown.items():
        yield {"ten_times_the": what, "epoch_takes_times": round(_epoch(task) / least, 2)}


def _epoch(task: Task) -> float:
    """The least processor seconds of an epoch."""
    training = begun(task, pace=lambda: task.steps)
    events, found = iter(training), []
    next(events), next(events)
    for _ in range(REPEATS):
        before, step = time.process_time(), training.step
        next(events)
        found.append((time.process_time() - before) * task.steps / (training.step - step))
    return min(found)


def groups() -> Iterator[dict[str, Any]]:
    for least, most, batch in ((1, 5, 64), (20, 60, 64), (500, 1_500, 16)):
        work, count = _of_groups(least, most)
        tape, steps = tape_for(work, batch), count // batch
        if tape is None:
            return
        batches = Order(np.arange(count, dtype=np.int32), batch, 0).batches(0, steps)
        taken = {executor.name: _step(executor, work, batches) for executor in (tape, Callbacks(work))}
        told = {f"{name}_us_per_row": round(seconds / len(work.features) * 1e6, 3) for name, seconds in taken.items()}
        ratio = round(taken["callbacks"] / taken["tape"], 1)
        yield {"rows_a_group": f"{least} to {most}", "batch": batch, "times_faster": ratio} | told


def _of_groups(least: int, most: int) -> tuple[Work, int]:
    """64,000 rows in groups of this size: maxima of four workers of width 8, the mean of each group, the same again."""
    task = Task("", ("chain", [maximum(4, 8), maximum(4, 8), ("linear", 1)]), 10, 64_000, 64)
    drawn, features, targets = graph_of(task), *rows_of(task)
    first = next(node.id for node in drawn.nodes if node.kind == "maximum")
    wires = [replace(wire, source="group") if wire.source == first else wire for wire in drawn.wires]
    group = Node("group", "group", "Group", {"by": "g"})
    grouped = replace(drawn, nodes=(*drawn.nodes, group), wires=(*wires, Wire(first, "group")))
    ends = np.cumsum(np.random.default_rng(0).integers(least, most + 1, size=task.rows))
    data = {f"c{place}": features[:, place].astype(float) for place in range(task.columns)}
    data |= {"g": np.searchsorted(ends, np.arange(task.rows), side="right").astype(float), "y": targets.astype(float)}
    table = Table(tuple(Column(name, "number") for name in data), data)
    examples = examples_of(grouped, table, ["y"])
    plan = compile(grouped, table, np.arange(examples.answers.rows), "y")
    settings = Settings(precision="float32", **SETTINGS)
    return prepared(plan, examples, settings, in_memory), examples.answers.rows


def _step(executor: Executor, work: Work, batches: Batches) -> float:
    """The least processor seconds of these steps."""
    parameters = work.plan.start(0).astype(np.float32)
    state, nothing = State(parameters, work.acting.fresh_memory(parameters), 0), np.zeros(batches.steps)
    found = []
    for _ in range(2 * REPEATS):
        before = time.process_time()
        executor.advance(state, batches, nothing + 1e-3, nothing)
        found.append(time.process_time() - before)
    return min(found)


class Paced:
    """A training at the pace of the app, by a clock. spent: seconds of each of its readings."""

    def __init__(self, task: Task, clock: Callable[[], float], epochs: int = 10_000_000) -> None:
        self._pacing, self._clock = Pacing(), clock
        self.training: Training = begun(
            task, epochs, 0.2, pace=self._pace, stepped=lambda: self._pacing.stepped(clock())
        )
        self._pacing.total, self.spent = self.training.resolved.steps, list[float]()
        reader: Any = self.training._reader
        self._read, reader.read = reader.read, self._timed
        self._events = iter(self.training)
        next(self._events), next(self._events)
        self._pacing.reading = self.spent[0]
        self._pacing.keep(None, clock(), 0)

    def goes_on(self) -> bool:
        """Takes a slice; False where that was the last one."""
        event = next(self._events)
        self._pacing.took(self._clock(), event.step)
        return event.kind == "reading"

    def _pace(self) -> int:
        return self._pacing.steps(self._clock(), self.training.step)

    def _timed(self, *given: Any) -> Any:
        before = self._clock()
        found = self._read(*given)
        self.spent.append(self._clock() - before)
        return found


def readings() -> Iterator[dict[str, Any]]:
    for task in TASKS.values():
        run = Paced(task, time.process_time)
        began = time.process_time()
        while time.process_time() - began < 1:
            run.goes_on()
        count, settled = len(run.spent), time.process_time()
        while time.process_time() - settled < 2:
            run.goes_on()
        seconds, spent = time.process_time() - settled, run.spent[count:]
        yield {
            "graph": task.name,
            "a_second": round(len(spent) / seconds, 1),
            "ms": round(1e3 * min(spent), 2),
            "share": round(sum(spent) / seconds, 4),
        }


def short() -> Iterator[dict[str, Any]]:
    for name, epochs in (("G1", 20), ("G2", 20), ("G3", 5)):
        began = time.perf_counter()
        run = Paced(TASKS[name], time.monotonic, epochs)
        while run.goes_on():
            pass
        seconds = round(time.perf_counter() - began, 3)
        yield {"graph": name, "steps": run.training.step, "seconds": seconds, "readings": len(run.spent)}


def timer() -> Iterator[dict[str, Any]]:
    for trains in (False, True):
        process = subprocess.Popen([sys.executable, "-c", TRAIN], stdout=subprocess.PIPE, text=True) if trains else None
        if process and process.stdout:
            process.stdout.readline()
        late = asyncio.run(lateness(1000))
        if process:
            process.kill()
            process.wait()
        p50, p99 = np.percentile(late, [50, 99]).round(3)
        yield {"while_training": trains, "late_ms_median": p50, "late_ms_p99": p99}


if __name__ == "__main__":
    main()
