"""Thinc with its own Maxout and Linear layers."""

from __future__ import annotations

from typing import Any

import numpy as np
from thinc.api import Adam, Linear, Maxout, Model, NumpyOps, chain, set_current_ops

from benchmarks.engine.assignment import RATE, Assignment
from benchmarks.engine.contenders.peer import Peer
from benchmarks.engine.graphs import layers, stacked


def added(factor: float) -> Any:
    """The sum of each row, times a factor."""

    def forward(model: Any, task: Any, is_train: bool) -> Any:
        columns = task.shape[1]
        result = task.sum(axis=1, keepdims=True) * np.float32(factor)
        return result, lambda told: np.repeat(told * np.float32(factor), columns, axis=1)

    return Model("added", forward)


class Layers(Peer):
    def __init__(self, given: Assignment) -> None:
        super().__init__(given)
        set_current_ops(NumpyOps())
        self._features, self._targets = given.features, given.targets[:, None]
        parts: list[Any] = []
        for layer, (weights, bias) in zip(
            layers(given.task.tree, given.task.columns), stacked(given.task, given.weights), strict=True
        ):
            if layer.reduce == "maximum":
                made = Maxout(nI=layer.columns, nO=layer.units, nP=layer.pieces)
            else:
                made = Linear(nI=layer.columns, nO=layer.units * layer.pieces)
            made.initialize()
            for name, values in (("W", weights), ("b", bias)):
                made.set_param(name, np.ascontiguousarray(values.reshape(made.get_param(name).shape)))
            parts.append(made)
            if layer.total or layer.reduce == "average":
                parts.append(added(1 / layer.pieces if layer.reduce == "average" else 1))
        self._model = chain(*parts) if len(parts) > 1 else parts[0]
        self._adam = Adam(RATE, grad_clip=0.0, L2=0.0, use_averages=False, L2_is_weight_decay=False)

    def learn(self, batches: Any) -> Any:
        losses = []
        for rows in batches:
            result, told = self._model.begin_update(self._features[rows])
            miss = result - self._targets[rows]
            losses.append(float((miss * miss).mean()))
            told(miss * np.float32(2 / len(rows)))
            self._model.finish_update(self._adam)
        return np.array(losses)
