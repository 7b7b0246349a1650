"""The dialect: everything about a file's writing that a person may see and correct."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from app.intake.refusal import Refused


@dataclass(frozen=True)
class Dialect:
    """As a wish, None means "find out"; as a finding, every field has its value.

    An empty `quote` means that quote marks are ordinary characters, an empty `thousands` that no number has
    a mark between its thousands. `first_line` is the physical line of the header, or of the first row if none.
    """

    encoding: str | None = None
    delimiter: str | None = None
    quote: str | None = None
    decimal: str | None = None
    thousands: str | None = None
    header: bool | None = None
    first_line: int | None = None

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Dialect:
        return cls(**data)


def checked(wish: Dialect) -> Dialect:
    """The wish itself. Raises Refused for one that no file can follow."""
    _refuse_unless(len(wish.delimiter or "") <= 1 and wish.delimiter not in _NEVER, "delimiter", "a comma or a tab")
    _refuse_unless(wish.quote in (None, "", '"', "'"), "quote mark", "a double or a single one, or none")
    _refuse_unless(wish.decimal in (None, ".", ","), "decimal mark", "a point or a comma")
    _refuse_unless(wish.thousands in (None, "", *_THOUSANDS), "mark between thousands", "a comma, a point or a blank")
    _refuse_unless(not wish.decimal or wish.thousands != wish.decimal, "mark between thousands", "another mark")
    _refuse_unless(wish.first_line is None or wish.first_line >= 1, "first line", "1 or a later line")
    return wish


_NEVER = ("\n", "\r", '"', "'", "\0")
_THOUSANDS = (",", ".", "'", "’", " ", "\u00a0", "\u2009", "\u202f")


def _refuse_unless(possible: bool, what: str, choice: str) -> None:
    if not possible:
        raise Refused(f"This {what} cannot be used.", f"Choose {choice}.")
