"""Backchannel itself: `engine.training.train.train` over a graph and a table, readings and all."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.runs.pacing import Pacing
from benchmarks.engine.assignment import EPOCHS, RATE, Assignment, rows_of
from benchmarks.engine.graphs import Task, Tree
from engine.graph import Graph, Node, Wire
from engine.table import Column, Table
from engine.tape import library
from engine.training.events import Reading
from engine.training.settings import Settings
from engine.training.split import Order
from engine.training.train import Training, train

SETTINGS: dict[str, Any] = {
    "learning_rate": RATE,
    "schedule": "constant",
    "holdout": 0.0,
    "soft_share": 0.0,
    "standardise": False,
}


def assignment(task: Task, precision: str = "float32") -> Assignment:
    """What everyone is given: our own starting weights, and our own order of the rows."""
    features, targets = (array.astype(precision) for array in rows_of(task))
    training = begun(task, features, targets, epochs=1)
    views = training.plan.layout.views(training.plan.start(0).astype(precision))
    named = {
        (one.node, one.name): view.copy() for one, view in zip(training.plan.program.parameters, views, strict=True)
    }
    workers = [node.id for node in graph_of(task).nodes if node.kind == "linear"]
    weights = [(named[id, "weights"], named[id, "bias"]) for id in workers]
    order, found, step = Order(training.parts.train, task.batch, 0), [], 0
    while step < EPOCHS * task.steps:
        batches = order.batches(step, EPOCHS * task.steps - step)
        found.append(batches.rows)
        step += batches.steps
    return Assignment(task, features, targets, np.concatenate(found).reshape(-1, task.batch).astype(np.int64), weights)


class Ours:
    """The public way of training, with slices and readings as a run in the app has them."""

    other_work = False

    def __init__(self, given: Assignment) -> None:
        self._given = given
        self._pacing = Pacing()
        self._training = self._begun(self._pace)
        self._events = iter(self._training)
        next(self._events)
        before = time.monotonic()
        next(self._events)  # the reading before the first step
        now = time.monotonic()
        self._pacing.reading = now - before
        self._pacing.keep(None, now, 0)

    def losses(self, steps: int) -> NDArray[np.floating]:
        events = (event for event in self._begun(lambda: 1) if isinstance(event, Reading))
        next(events)  # before the first step
        return np.array([next(events).loss["out"].train for _ in range(steps)], float)

    def timed(self, seconds: float) -> tuple[int, float]:
        began, step, before = time.perf_counter(), self._training.step, time.process_time()
        while self._training.step == step or time.perf_counter() - began < seconds:
            next(self._events)
            self._pacing.took(time.monotonic(), self._training.step)
        return self._training.step - step, time.process_time() - before

    def _begun(self, pace: Any) -> Training:
        how = {"epochs": 10_000_000, "pace": pace, "stepped": lambda: self._pacing.stepped(time.monotonic())}
        return begun(self._given.task, self._given.features, self._given.targets, **how)

    def _pace(self) -> int:
        return self._pacing.steps(time.monotonic(), self._training.step)


class OursByCallbacks(Ours):
    """The same on a machine that has no compiled tape."""

    def __init__(self, given: Assignment) -> None:
        library.FOLDER = "/nowhere"
        super().__init__(given)


def begun(task: Task, features: Any, targets: Any, epochs: int, **how: Any) -> Training:
    """A training of the task in the precision of its rows."""
    columns = (*(Column(f"c{place}", "number") for place in range(task.columns)), Column("y", "number"))
    data = {f"c{place}": features[:, place].astype(float) for place in range(task.columns)}
    table = Table(columns, data | {"y": targets.astype(float)})
    settings = Settings(epochs=epochs, batch_size=task.batch, precision=features.dtype.name, **SETTINGS)
    return train(graph_of(task), table, "y", settings, **how)


def graph_of(task: Task) -> Graph:
    """The tree as a person would wire it; its linear workers stand in the tree's own order."""
    nodes = [Node("in", "columns", "Columns")]
    wires: list[Wire] = []

    def add(tree: Tree, source: str) -> str:
        kind, parts = tree
        if kind == "chain":
            for part in parts:
                source = add(part, source)
            return source
        sources = [source] if kind == "linear" else [add(part, source) for part in parts]
        id = f"n{len(nodes)}"
        nodes.append(Node(id, kind, id, {"width": parts} if kind == "linear" else {}))
        wires.extend(Wire(one, id) for one in sources)
        return id

    wires.append(Wire(add(task.tree, "in"), "out"))
    return Graph(task.name, (*nodes, Node("out", "estimate", "Out")), tuple(wires))
