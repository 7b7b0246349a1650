"""Losses of seeded runs, written down: whatever is made faster or tidier, the same seed learns the same.

`python -m tests.engine.test_golden` adds those that are missing; with `--all` it writes all of them anew, for a change
that is meant to change what is learnt.
"""

import json
import sys
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine import optimizer as optimizers
from engine import schedule as schedules
from engine.graph import Graph
from engine.table import Table, from_columns
from engine.tape.library import library
from engine.training.events import Finished
from engine.training.settings import Settings
from engine.training.train import train
from tests.engine.graphs import california, graph

FILE = Path(__file__).with_name("golden.json")
GRAPHS = ("california", "tree", "curves", "classes", "groups")
BY_ROW = np.floor(np.sqrt(np.arange(90.0)))
CASES = list(product(GRAPHS, sorted(optimizers.catalogue()), sorted(schedules.catalogue())))


def table() -> Table:
    """Numbers from a formula, so that no generator of a later NumPy can change them."""
    place = np.arange(90.0)
    a, b, c = np.sin(place * 1.7), np.cos(place * 2.3 + 1), np.sin(place * 0.61 + 2)
    named = [("low", "middle", "high")[int(value > -0.4) + int(value > 0.5)] for value in a - b * c]
    return from_columns({"California": a, "Renewables": b, "c": c, "Cost": np.maximum(a, b) - c * c, "size": named})


def tree() -> Graph:
    """Forks and joins: the essay's combinators over one another."""
    return graph(
        {
            "in": "columns",
            **dict.fromkeys(("a", "b", "c", "d", "e"), "linear"),
            "top": "maximum",
            "low": "minimum",
            "mean": "average",
            "all": "addition",
            "out": "estimate",
        },
        *(f"in -> {name}" for name in "abcde"),
        *("a -> top", "b -> top", "b -> low", "c -> low", "d -> mean", "e -> mean"),
        *("top -> all", "low -> all", "mean -> all", "all -> out"),
    )


def curves() -> Graph:
    return graph(
        {
            "in": "columns",
            "wide": ("linear", {"width": 6}),
            "bent": "gelu",
            "even": "layer_norm",
            "bumpy": "spline",
            "last": "linear",
            "out": "estimate",
        },
        *("in -> wide", "wide -> bent", "bent -> even", "even -> bumpy", "bumpy -> last", "last -> out"),
    )


def classes() -> Graph:
    return graph(
        {"in": "columns", "pieces": ("maxout", {"width": 5}), "scores": ("linear", {"width": 3}), "out": "estimate"},
        *("in -> pieces", "pieces -> scores", "scores -> out"),
    )


def groups() -> Graph:
    rows, tops = ("a", "b", "c"), ("d", "e", "f")
    nodes: dict[str, Any] = {"in": "columns", **dict.fromkeys(rows, ("linear", {"width": 4})), "best": "maximum"}
    nodes |= {"mean": ("group", {"by": "group"}), "top": ("group", {"by": "group", "how": "maximum"})}
    return graph(
        nodes | {**dict.fromkeys(tops, "linear"), "high": "maximum", "out": "estimate"},
        *(f"in -> {name}" for name in rows),
        *(f"{name} -> best" for name in rows),
        *("best -> mean", "best -> top"),
        *(f"{group} -> {name}" for name in tops for group in ("mean", "top")),
        *(f"{name} -> high" for name in tops),
        "high -> out",
    )


def with_groups() -> Table:
    """The same rows in groups of one, three, five and so on."""
    rows = table()
    return from_columns({c.name: rows.data[c.name] for c in rows.columns if c.name != "size"} | {"group": BY_ROW})


def losses(name: str, optimizer: str, schedule: str) -> list[float]:
    """Of every estimate in the end, on the rows learnt from and on those kept aside."""
    made = {"california": california, "tree": tree, "curves": curves, "classes": classes, "groups": groups}[name]()
    settings = Settings(
        seed=11, epochs=6, batch_size=7, optimizer=optimizer, schedule=schedule, averaging=0.5, clip=5.0
    )
    rows = with_groups() if name == "groups" else table()
    *_, finished = train(made, rows, "size" if name == "classes" else "Cost", settings)
    assert isinstance(finished, Finished)
    return [float(loss or 0) for pair in finished.loss.values() for loss in (pair.train, pair.holdout)]


@pytest.mark.parametrize("executor", ["tape", "callbacks"])
@pytest.mark.parametrize(("name", "optimizer", "schedule"), CASES)
def test_seeded_runs_learn_what_they_learnt(name, optimizer, schedule, executor, monkeypatch):
    if executor == "callbacks":
        monkeypatch.setattr("engine.tape.executor.library", lambda: None)
    elif library() is None:
        pytest.skip("there is no compiled tape here")
    expected = json.loads(FILE.read_text())[f"{name} {optimizer} {schedule}"]
    assert losses(name, optimizer, schedule) == pytest.approx(expected, rel=1e-7)


def test_every_graph_optimiser_and_schedule_is_written_down():
    assert list(json.loads(FILE.read_text())) == [" ".join(case) for case in CASES]


if __name__ == "__main__":
    known = {} if "--all" in sys.argv else json.loads(FILE.read_text())
    found = {name: known.get(name) or losses(*case) for case in CASES for name in [" ".join(case)]}
    FILE.write_text("{\n" + ",\n".join(f"{json.dumps(key)}: {json.dumps(found[key])}" for key in found) + "\n}\n")
