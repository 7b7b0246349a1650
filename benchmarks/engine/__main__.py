"""Trains five graphs beside PyTorch, JAX, Thinc and scikit-learn, and tells how many times faster we are.

    python -m benchmarks.engine                                   ours, and whatever peers this Python has
    python -m benchmarks.engine --peers ~/peers/bin/python        peers of another Python
    python -m benchmarks.engine --graphs G1,G5 --contenders ours,jax_scan --json

The peers: `python -m venv ~/peers && ~/peers/bin/pip install -r benchmarks/requirements-peers.txt`.

Everyone starts from the same weights and visits the same rows in the same order; the losses of the first steps are
compared before anything is timed. Ours goes through `engine.training.train.train`, draws its order and takes its
readings on the way; the peers are handed the order. Processor time of one thread a step, float32, Adam; the least of
several rounds, taken in turn.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.engine.contenders import MODULES
from benchmarks.engine.graphs import TASKS, Task
from benchmarks.engine.serve import MISSING

COMPARED = 40
ALIKE = {"G1": 1e-3, "G2": 1e-3, "G3": 1e-3, "G4": 1e-2, "G5": 2e-2}
"""By how much the mean of the compared losses may differ: one row that changes its winner moves Adam in float32."""
WANTED = {
    "torch": (2000, 1600, 150, 3.2, 12),
    "torch_batched": (1500, 550, 21, 3, 3.8),
    "thinc": (350, 130, 7.7, 2.2, 4.2),
    "jax_scan": (4.5, 5.5, 2.1, 3, 2.2),
}
"""Times faster, at least, on each of the five graphs."""
OURS = ("ours", "ours_callbacks")


@dataclass
class Racer:
    """A contender at work on one graph."""

    name: str
    process: subprocess.Popen[str]
    other_work: bool = False
    losses: list[float] = field(default_factory=list)
    best: float = float("inf")

    def ask(self, *words: Any) -> Any:
        """Its answer. Raises EOFError when its process has ended."""
        assert self.process.stdin and self.process.stdout
        if words:
            self.process.stdin.write(" ".join(map(str, words)) + "\n")
            self.process.stdin.flush()
        for line in self.process.stdout:
            if line.startswith("answer "):
                return json.loads(line.removeprefix("answer "))
        raise EOFError(self.name)

    def end(self) -> None:
        """Closes its input and waits."""
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait()


def main() -> None:
    """See above."""
    options = _options()
    found: dict[str, dict[str, float]] = {}
    for name in options.graphs.split(","):
        with tempfile.TemporaryDirectory() as folder:
            found[name] = _race(TASKS[name], Path(folder, "assignment.npz"), options)
    if not options.json:
        _tell(found)


def _race(task: Task, file: Path, options: argparse.Namespace) -> dict[str, float]:
    """Microseconds of a step by contender."""
    from benchmarks.engine.assignment import save
    from benchmarks.engine.contenders.ours import assignment

    save(file, assignment(task))
    racers = [racer for name in options.contenders.split(",") if (racer := _begun(name, file, options.peers))]
    expected = next((racer.losses for racer in racers if racer.name == "ours"), None)
    for _ in range(options.rounds):
        for racer in random.sample(racers, len(racers)):
            steps, seconds = racer.ask("timed", options.seconds)
            racer.best = min(racer.best, seconds / steps * 1e6)
    for racer in racers:
        racer.end()
        _line(task, racer, expected, options.json)
    return {racer.name: racer.best for racer in racers}


def _begun(name: str, file: Path, peers: str) -> Racer | None:
    python = sys.executable if name in OURS else peers
    command = [python, "-m", "benchmarks.engine.serve", name, str(file)]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    racer = Racer(name, process)
    try:
        racer.other_work = racer.ask()["other_work"]
        racer.losses = racer.ask("losses", COMPARED)
    except EOFError:
        assert process.stderr
        said = process.stderr.read().strip().splitlines() or ["without a word"]
        missing = process.wait() == MISSING
        print(f"{name} is left out: {said[-1]} is not installed." if missing else f"{name} failed: {said[-1]}")
        return None
    return racer


def _line(task: Task, racer: Racer, expected: list[float] | None, as_json: bool) -> None:
    """Reports one contender's losses and time."""
    mean = float(np.mean(racer.losses))
    difference = None
    if expected and not racer.other_work:
        difference = abs(mean / float(np.mean(expected)) - 1)
        if difference > ALIKE[task.name]:
            print(f"{task.name} {racer.name}: its losses differ by {difference:.1e}. It does other work.")
    told = {"graph": task.name, "contender": racer.name, "cpu_us_per_step": round(racer.best, 4), "loss": mean}
    told |= {"compared_steps": COMPARED, "difference": difference}
    if as_json:
        print(json.dumps(told), flush=True)
    else:
        alike = "other work" if difference is None else f"losses within {difference:.0e}"
        print(f"{task.name}  {racer.name:15} {racer.best:12.3f} us a step  {alike}", flush=True)


def _tell(found: dict[str, dict[str, float]]) -> None:
    """How many times faster ours is; in brackets what is asked for."""
    names = list(dict.fromkeys(name for times in found.values() for name in times if name != "ours"))
    for first in OURS:
        print(f"\ntimes faster: {first}\n{'than':16}" + "".join(f"{graph:>18}" for graph in found))
        for name in names:
            cells = []
            for graph, times in found.items():
                wanted = WANTED.get(name, ())[int(graph[1:]) - 1 :][:1] if first == "ours" else ()
                cell = f"{times[name] / times[first]:,.2f}" if name in times and first in times else "-"
                cells.append(cell + "".join(f" ({number:g})" for number in wanted))
            if name != first:
                print(f"{name:16}" + "".join(f"{cell:>18}" for cell in cells))


def _options() -> argparse.Namespace:
    assert __doc__
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--graphs", default=",".join(TASKS))
    parser.add_argument("--contenders", default=",".join(MODULES))
    parser.add_argument("--peers", default=sys.executable, help="the Python that has the peers")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=0.5, help="of each contender in each round")
    parser.add_argument("--json", action="store_true", help="one line of JSON a graph and contender, and nothing else")
    return parser.parse_args()


if __name__ == "__main__":
    main()
