"""scikit-learn's nearest: a network of relu units of about the same size. It does other work."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.neural_network import MLPRegressor

from benchmarks.engine.assignment import RATE, Assignment
from benchmarks.engine.contenders.peer import Peer

HIDDEN: dict[str, tuple[int, ...]] = {"G1": (2,), "G2": (), "G3": (32,), "G4": (128, 128), "G5": (64,)}


class Mlp(Peer):
    other_work = True
    whole_epochs = True

    def __init__(self, given: Assignment) -> None:
        super().__init__(given)
        self._given = given
        self._model = MLPRegressor(
            hidden_layer_sizes=HIDDEN[given.task.name], batch_size=given.task.batch, alpha=0, learning_rate_init=RATE
        )

    def learn(self, batches: Any) -> Any:
        self._model.partial_fit(self._given.features, self._given.targets)
        return np.full(len(batches), 2 * self._model.loss_)
