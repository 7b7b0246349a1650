"""How fast a person wants a run to go: None is as fast as it can."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, TypeAlias

Pace: TypeAlias = Mapping[str, float] | None
"""{"seconds": the whole run in about so many}, {"steps_per_second": so many}, or None."""

MOST = {"seconds": 86_400.0, "steps_per_second": 1_000_000.0}


def refusal(value: Any) -> str | None:
    """Why the value is no pace; None when it is one."""
    if value is None:
        return None
    if not isinstance(value, dict) or len(value) != 1 or next(iter(value)) not in MOST:
        return 'A pace is null (full speed), {"seconds": ...} or {"steps_per_second": ...}.'
    name, number = next(iter(value.items()))
    if isinstance(number, bool) or not isinstance(number, int | float) or not math.isfinite(number):
        return f"The pace's '{name}' must be a number."
    if not 0 < number <= MOST[name]:
        return f"The pace's '{name}' must be more than 0 and at most {MOST[name]:,.0f}."
    return None


def steps_per_second(pace: Pace, steps: int) -> float | None:
    """The pace of a run of so many steps; None for full speed."""
    if pace is None:
        return None
    return float(pace["steps_per_second"]) if "steps_per_second" in pace else steps / float(pace["seconds"])
