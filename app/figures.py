"""Numbers as pages show them: a few digits, no exponent where people would not write one."""

from __future__ import annotations

import math


def figure(value: float, digits: int = 5, *, signed: bool = False) -> str:
    """A number to so many digits, whole thousands set apart: 24500 as "24,500", 0.000098 as "0.000098"."""
    sign = "+" if signed else ""
    if value == 0 or not 1e-6 <= abs(value) < 1e12:
        return f"{value:{sign}.{digits}g}"
    places = max(digits - 1 - math.floor(math.log10(abs(value))), 0)
    text = f"{value:{sign},.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
