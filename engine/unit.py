"""In which unit people are told a number of the team."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Unit:
    """How a number inside the team is told to people: offset + scale * number."""

    scale: float = 1.0
    offset: float = 0.0


AS_IT_IS = Unit()
