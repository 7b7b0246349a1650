"""A table that is larger than the memory there is: its columns, features and targets stay in files."""

import subprocess
import sys

import pytest

ROWS, COLUMNS, MEGABYTES = 3_000_000, 12, 200

TRAINING = f"""
import resource, sys
from pathlib import Path

import numpy as np

from engine import graph
from engine.table import Column, Table
from engine.training.settings import Settings
from engine.training.train import train

ROWS, COLUMNS = {ROWS}, {COLUMNS}
folder = Path(sys.argv[1])


def mapped(name, shape, dtype):
    return np.lib.format.open_memmap(folder / f"{{name}}.npy", "w+", dtype, shape)


data = {{}}
for place in range(COLUMNS):
    data[f"c{{place}}"] = mapped(f"c{{place}}", (ROWS,), np.float64)
    data[f"c{{place}}"][:] = np.sin(np.arange(ROWS) * (place + 1.5))
data["y"] = mapped("y", (ROWS,), np.float64)
data["y"][:] = 3 * data["c0"] - data["c1"]
table = Table(tuple(Column(name, "number") for name in data), data)

used = int(next(line for line in open("/proc/self/status") if line.startswith("VmData")).split()[1]) * 1024
limit = used + {MEGABYTES} * 2**20
resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
nodes = [{{"id": id, "kind": kind}} for id, kind in (("in", "columns"), ("a", "linear"), ("out", "estimate"))]
wires = [{{"source": "in", "target": "a"}}, {{"source": "a", "target": "out"}}]
drawn = graph.from_json({{"format": "backchannel.graph", "version": 1, "name": "", "nodes": nodes, "wires": wires}})
settings = Settings(epochs=2, batch_size=1024)
for event in train(drawn, table, "y", settings, pace=lambda: 1000, allocate=mapped):
    pass
print(event.kind, event.loss["out"].holdout)
"""


@pytest.mark.slow
def test_a_table_larger_than_the_memory_is_learnt_from(tmp_path):
    assert ROWS * COLUMNS * 8 > MEGABYTES * 2**20
    done = subprocess.run([sys.executable, "-c", TRAINING, tmp_path], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    kind, loss = done.stdout.split()
    assert kind == "finished" and float(loss) < 1e-3
