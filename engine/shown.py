"""What the picture of a kind or a primitive shows it with, where the usual does not show what it does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Shown:
    """A picture runs the thing itself along x, from -3 to 3.

    lines: of how many inputs, where it combines several. beside: numbers that stand beside x in its task.
    categories: values of a column in place of x. parameters: by name (of a primitive: in order, by "1", "2" ...).
    example: which of a primitive's examples it is. learning: whether it shows a step that trains, number by number.
    """

    lines: int = 2
    beside: tuple[float, ...] = ()
    categories: tuple[str, ...] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)
    example: int = 0
    learning: bool = False
