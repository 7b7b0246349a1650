"""Whether the numbers that come in on several wires go together."""

from __future__ import annotations

from collections.abc import Sequence

from engine.errors import ShapeMismatch


def equal(widths: Sequence[int]) -> int:
    """The one width that all inputs have. Raises ShapeMismatch when they differ."""
    if not widths:
        raise ShapeMismatch("it needs at least one input.")
    if len(set(widths)) > 1:
        raise ShapeMismatch(f"its inputs are {', '.join(map(str, widths))} numbers wide; they must be equally wide.")
    return widths[0]
