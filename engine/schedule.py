"""What a schedule is: by how much the learning rate is multiplied, from the first step to the last."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.discovery import Found

Progress: TypeAlias = NDArray[np.float64]
"""Shares of the whole training, from 0 to 1, one a step."""


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """factor: progress of some steps -> what their learning rates are multiplied by.

    halves: whether the learning rate is halved, beside that, when the loss stays where it is.
    """

    title: str
    help: str
    factor: Callable[[Progress], Progress]
    halves: bool = False


@cache
def catalogue() -> Mapping[str, Schedule]:
    """Every schedule there is, by name of its file."""
    return Found("engine.schedules", "schedule")
