"""PyTorch as most would write it: one `nn.Linear` a worker."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from benchmarks.engine.assignment import RATE, Assignment
from benchmarks.engine.contenders.peer import Peer
from benchmarks.engine.graphs import Tree, width

torch.set_num_threads(1)
torch.set_num_interop_threads(1)


class Combined(nn.Module):
    """Several modules on one task, and what is made of their results."""

    def __init__(self, kind: str, parts: list[nn.Module]) -> None:
        super().__init__()
        self.kind, self.parts = kind, nn.ModuleList(parts)

    def forward(self, task: Any) -> Any:
        estimates = torch.stack([part(task) for part in self.parts])
        if self.kind == "maximum":
            return estimates.max(0).values
        return estimates.mean(0) if self.kind == "average" else estimates.sum(0)


class Natural(Peer):
    """Modules, mse_loss, Adam: a training loop from a tutorial."""

    fused = False

    def __init__(self, given: Assignment) -> None:
        super().__init__(given)
        self._features, self._targets = torch.from_numpy(given.features), torch.from_numpy(given.targets)[:, None]
        self.model = self.make(given)
        self._adam = torch.optim.Adam(self.model.parameters(), lr=RATE, **({"fused": True} if self.fused else {}))

    def make(self, given: Assignment) -> nn.Module:
        weights = iter(given.weights)

        def module(tree: Tree, columns: int) -> nn.Module:
            kind, parts = tree
            if kind == "linear":
                made = nn.Linear(columns, parts, dtype=self._features.dtype)
                with torch.no_grad():
                    for parameter, values in zip((made.weight, made.bias), next(weights), strict=True):
                        parameter.copy_(torch.from_numpy(values))
                return made
            modules = []
            for part in parts:
                modules.append(module(part, columns))
                columns = width(part) if kind == "chain" else columns
            return nn.Sequential(*modules) if kind == "chain" else Combined(kind, modules)

        return module(given.task.tree, given.task.columns)

    def loss(self, task: Any, target: Any) -> Any:
        return nn.functional.mse_loss(self.model(task), target)

    def learn(self, batches: Any) -> Any:
        losses = []
        for rows in torch.from_numpy(batches):
            loss = self.loss(self._features[rows], self._targets[rows])
            self._adam.zero_grad()
            loss.backward()
            self._adam.step()
            losses.append(loss.detach())
        return torch.stack(losses).numpy()
