"""How long the intake takes and how much memory it needs: one JSON line a kind of file.

    python -m benchmarks.intake --megabytes 250

Each file is written first and imported in a process of its own, so that peaks do not mix. `judge` is the standard
library's csv reader alone over the same file, in the same minute: a measure for a busy machine.
"""

from __future__ import annotations

import argparse
import csv
import json
import multiprocessing
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np

from app.intake import Refused, import_file

MEGABYTE = 1_000_000
Block = Callable[[np.random.Generator], str]


def numbers(random: np.random.Generator) -> str:
    """29 columns of numbers and one category, without quotes."""
    return "".join(
        ",".join([*(f"{value:.4f}" for value in row), ("red", "green", "blue")[at % 3]]) + "\n"
        for at, row in enumerate(random.normal(0, 100, (5_000, 29)))
    )


def quoted(random: np.random.Generator) -> str:
    """29 columns of numbers and one of quoted texts with a comma in them."""
    return numbers(random).replace("red", '"red, or so"').replace("green", '"say ""green"""').replace("blue", '"blue"')


def commas(random: np.random.Generator) -> str:
    """Semicolons, decimal commas and points between thousands."""
    rows = random.normal(0, 10_000, (5_000, 30))
    texts = (";".join(f"{value:,.2f}" for value in row) for row in rows)
    return "".join(text.translate(str.maketrans(",.", ".,")) + "\n" for text in texts)


def texts(random: np.random.Generator) -> str:
    """A number and a long text, each text another."""
    letters = random.integers(97, 123, (2_000, 600), dtype=np.uint8)
    return "".join(f"{at},{row.tobytes().decode()}\n" for at, row in enumerate(letters))


def wide(random: np.random.Generator) -> str:
    """2,000 columns of small numbers."""
    return "".join(",".join(map(str, row)) + "\n" for row in random.integers(0, 1_000, (100, 2_000)).tolist())


def empty(random: np.random.Generator) -> str:
    """700 columns, all but two of the cells empty: the most cells for the bytes."""
    return ("1" + "," * 699 + "2\n") * 1_000


def unclosed(random: np.random.Generator) -> str:
    """Each tenth line opens a quote that no later mark closes."""
    return ('1,"x\n' + '1,""\n' * 9) * 2_000


KINDS: tuple[Block, ...] = (numbers, quoted, commas, texts, wide, empty, unclosed)


def write(path: Path, kind: Block, size: int) -> None:
    block = kind(np.random.default_rng(0))
    delimiter = ";" if kind is commas else ","
    width = block.split("\n", 1)[0].count(delimiter) + 1
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(delimiter.join(f"c{number}" for number in range(width if kind is not quoted else 30)) + "\n")
        while file.tell() < size:
            file.write(kind(np.random.default_rng(file.tell())))


def measured(work: Callable[[], str]) -> dict[str, float | str]:
    """CPU and wall seconds, the peak of this process in MB, and what came of it."""
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "cpu_s": round(time.process_time() - cpu, 2),
        "wall_s": round(time.perf_counter() - wall, 2),
        "peak_mb": round(peak),
        "result": result,
    }


def intake(path: Path) -> str:
    with tempfile.TemporaryDirectory() as folder:
        try:
            found = import_file(path, Path(folder), name="Table")
        except Refused as refused:
            return refused.message
    return f"{found.rows:,} rows, {found.rejected.count:,} lines rejected"


def judge(path: Path) -> str:
    with path.open(encoding="utf-8", newline="") as file:
        return f"{sum(1 for _ in csv.reader(file)):,} records"


def apart(work: Callable[[Path], str], path: Path) -> dict[str, float | str]:
    """Measure in a fresh process."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_tell, args=(there, work, path))
    process.start()
    found: dict[str, float | str] = here.recv()
    process.join()
    return found


def _tell(pipe: Connection, work: Callable[[Path], str], path: Path) -> None:
    pipe.send(measured(lambda: work(path)))


def benchmark(megabytes: float, chosen: list[str]) -> Iterator[dict[str, object]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "file.csv")
        for kind in KINDS:
            if chosen and kind.__name__ not in chosen:
                continue
            write(path, kind, int(megabytes * MEGABYTE))
            size = round(path.stat().st_size / MEGABYTE)
            yield {"file": kind.__name__, "megabytes": size, **apart(intake, path), "judge": apart(judge, path)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=float, default=250)
    parser.add_argument("--files", nargs="*", default=[], choices=[kind.__name__ for kind in KINDS])
    options = parser.parse_args()
    for line in benchmark(options.megabytes, options.files):
        print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
