"""PyTorch as an expert would write it: workers stacked into matrices by hand, fused Adam; and compiled."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from benchmarks.engine.assignment import Assignment
from benchmarks.engine.contenders.torch_natural import Natural
from benchmarks.engine.graphs import layers, stacked


class Matrices(nn.Module):
    """One matrix product a layer."""

    def __init__(self, given: Assignment) -> None:
        super().__init__()
        self.layers = layers(given.task.tree, given.task.columns)
        pairs = stacked(given.task, given.weights)
        self.weights = nn.ParameterList([torch.from_numpy(matrix.reshape(-1, matrix.shape[-1])) for matrix, _ in pairs])
        self.biases = nn.ParameterList([torch.from_numpy(bias.reshape(-1)) for _, bias in pairs])

    def forward(self, task: Any) -> Any:
        for layer, weights, bias in zip(self.layers, self.weights, self.biases, strict=True):
            task = torch.addmm(bias, task, weights.t())
            if layer.pieces > 1:
                task = task.view(-1, layer.units, layer.pieces)
                task = task.max(-1).values if layer.reduce == "maximum" else task.mean(-1)
            if layer.total:
                task = task.sum(1, keepdim=True)
        return task


class Stacked(Natural):
    fused = True

    def make(self, given: Assignment) -> nn.Module:
        return Matrices(given)


class Compiled(Stacked):
    def __init__(self, given: Assignment) -> None:
        super().__init__(given)
        self.loss = torch.compile(super().loss)  # type: ignore[method-assign]
