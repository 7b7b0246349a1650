"""What a run's process has in memory from its first moment: imported once, by the process that all are forked from."""

from __future__ import annotations

import gc
import mmap  # noqa: F401 - NumPy imports it only when a file is mapped
import os
import signal

# Set before NumPy is loaded: a run has one core, and BLAS threads that wait for work would take the others'.
for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"):
    os.environ.setdefault(name, "1")

from app.runs import process  # noqa: E402
from app.version import version  # noqa: E402
from engine import graph as graphs  # noqa: E402
from engine.table import from_columns  # noqa: E402
from engine.training.settings import Settings  # noqa: E402
from engine.training.train import train  # noqa: E402

TRIAL = {
    "format": graphs.FORMAT,
    "version": graphs.VERSION,
    "nodes": [{"id": "in", "kind": "columns"}, {"id": "a", "kind": "linear"}, {"id": "out", "kind": "estimate"}],
    "wires": [{"source": "in", "target": "a"}, {"source": "a", "target": "out"}],
}


def prepare() -> None:
    """Do once what is slow the first time, and take no part in what the terminal tells the server."""
    for number in process.IGNORED:
        signal.signal(number, signal.SIG_IGN)
    table = from_columns({"x": [0, 1], "y": [0, 1]})
    for _ in train(graphs.from_json(TRIAL), table, "y", Settings(epochs=2)):
        pass
    version()
    gc.collect()
    gc.freeze()


prepare()
