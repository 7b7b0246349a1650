"""All that a training needs beside its graph, table and settings to go on, to the same bits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.training.executor import State
from engine.training.looks import Outlook


@dataclass(frozen=True)
class Checkpoint:
    """Where a training stands: its state, the learning rate that it was last given, and what its looks came to."""

    state: State
    base_rate: float
    outlook: Outlook = field(default_factory=Outlook)

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """The same as named arrays, for a file."""
        state, outlook = self.state, self.outlook
        arrays = {f"memory_{place}": vector for place, vector in enumerate(state.memory)}
        if outlook.parameters is not None:
            arrays["best_parameters"] = outlook.parameters
        if outlook.bests is not None:
            arrays["bests"] = outlook.bests
        looks = np.array([outlook.last, outlook.best, outlook.since, outlook.since_halved, outlook.factor], np.float64)
        step, rate = np.array(state.step), np.array(self.base_rate)
        return arrays | {"parameters": state.parameters, "step": step, "base_rate": rate, "looks": looks}


def from_arrays(arrays: Mapping[str, NDArray[Any]]) -> Checkpoint:
    """Reads what `Checkpoint.to_arrays` gave. Raises KeyError where something is missing."""
    count = sum(1 for name in arrays if name.startswith("memory_"))
    memory = tuple(arrays[f"memory_{place}"] for place in range(count))
    last, best, since, since_halved, factor = arrays["looks"].tolist()
    kept = arrays.get("best_parameters")
    outlook = Outlook(last, best, kept, int(since), int(since_halved), factor, arrays.get("bests"))
    return Checkpoint(State(arrays["parameters"], memory, int(arrays["step"])), float(arrays["base_rate"]), outlook)
