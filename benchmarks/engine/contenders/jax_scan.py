"""JAX: a whole epoch as one compiled scan."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp

from benchmarks.engine.assignment import RATE, Assignment
from benchmarks.engine.contenders.peer import Peer
from benchmarks.engine.graphs import layers, stacked

REDUCE = {"maximum": jnp.max, "average": jnp.mean, "addition": jnp.sum}


class Scan(Peer):
    whole_epochs = True

    def __init__(self, given: Assignment) -> None:
        super().__init__(given)
        features, targets = jnp.asarray(given.features), jnp.asarray(given.targets)
        made = layers(given.task.tree, given.task.columns)
        pairs = stacked(given.task, given.weights)
        weights = [(jnp.asarray(w.reshape(-1, w.shape[-1])), jnp.asarray(b.reshape(-1))) for w, b in pairs]

        def result(weights: Any, task: Any) -> Any:
            for layer, (matrix, bias) in zip(made, weights, strict=True):
                task = task @ matrix.T + bias
                if layer.pieces > 1:
                    task = REDUCE[layer.reduce](task.reshape(-1, layer.units, layer.pieces), axis=-1)
                if layer.total:
                    task = task.sum(1, keepdims=True)
            return task[:, 0]

        def loss(weights: Any, rows: Any) -> Any:
            return jnp.mean((result(weights, features[rows]) - targets[rows]) ** 2)

        def step(state: Any, rows: Any) -> Any:
            weights, mean, square, count = state
            value, told = jax.value_and_grad(loss)(weights, rows)
            count = count + 1
            mean = jax.tree.map(lambda m, g: m + 0.1 * (g - m), mean, told)
            square = jax.tree.map(lambda v, g: v + 0.001 * (g * g - v), square, told)
            first, second = 1 - 0.9**count, 1 - 0.999**count
            weights = jax.tree.map(
                lambda p, m, v: p - RATE / first * m / (jnp.sqrt(v / second) + 1e-8), weights, mean, square
            )
            return (weights, mean, square, count), value

        zeros = jax.tree.map(jnp.zeros_like, weights)
        self._state = (weights, zeros, jax.tree.map(jnp.zeros_like, weights), jnp.zeros((), features.dtype))
        self._scan = jax.jit(lambda state, rows: jax.lax.scan(step, state, rows), donate_argnums=0)

    def learn(self, batches: Any) -> Any:
        self._state, losses = self._scan(self._state, batches)
        return jax.block_until_ready(losses)
