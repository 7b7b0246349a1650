"""A file that cannot become a table: what is the matter, on which line, and what to do."""

from __future__ import annotations


class Refused(Exception):
    """The one exception of the intake; its words are for the person who sent the file.

    `reason` says which thing and what is the matter, `cure` what to do, `line` is the physical line (from 1)
    where the matter was met, or None where it concerns the whole file. `message` is reason and cure together.
    """

    def __init__(self, reason: str, cure: str, line: int | None = None) -> None:
        super().__init__(reason, cure, line)
        self.reason = reason
        self.cure = cure
        self.line = line

    @property
    def message(self) -> str:
        return f"{self.reason} {self.cure}"

    def __str__(self) -> str:
        return self.message
