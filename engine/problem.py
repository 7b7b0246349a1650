"""What stands in the way, said to the person: which thing, what is the matter, what to do."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Problem:
    """One mistake in a graph or in what is asked of it; shown at the node or wire that it belongs to."""

    code: str
    message: str
    hint: str
    node: str | None = None
    wire: str | None = None

    def to_json(self) -> dict[str, str | None]:
        return asdict(self)
