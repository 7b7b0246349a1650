"""Which encoding a file is written in, found by reading all of it once."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from app.intake.limits import Limits
from app.intake.refusal import Refused
from app.intake.signatures import refuse_known
from app.intake.survey import UTF_8, Survey, survey

MARKS = (  # the longer mark first: UTF-32 little-endian begins like UTF-16 little-endian
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
ENCODINGS = (  # what a person may choose
    *("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"),
    *("cp1252", "latin-1", "iso8859-15", "cp1250", "cp1251", "cp1253", "cp1254", "cp437", "cp850"),
    *("mac-roman", "koi8-r", "shift_jis", "euc-jp", "gb18030", "big5", "euc-kr"),
)


@dataclass(frozen=True)
class Encoding:
    """A Python codec name and how to read by it.

    `suspect` says that some line holds control characters or undecodable bytes, so each line must be looked at.
    """

    name: str
    errors: str = "strict"
    suspect: bool = False
    warning: str | None = None

    def open(self, path: Path) -> TextIO:
        """The file as text, line ends untouched."""
        return path.open(encoding=self.name, errors=self.errors, newline="")


def find_encoding(path: Path, limits: Limits, wish: str | None = None) -> Encoding:
    """Read the whole file and say how it is encoded; `wish` is a person's own choice.

    Raises Refused for an empty file, a file that is no text, and one that its encoding cannot read.
    """
    with path.open("rb") as file:
        head = file.read(1 << 16)
    if not head:
        raise Refused("The file is empty.", "Use a file with a line of column names and rows below it.")
    if wish and wish not in ENCODINGS:
        raise Refused(f"There is no encoding '{wish:.40}'.", f"Choose one of {', '.join(ENCODINGS)}.")
    refuse_known(head)
    name = wish or _by_mark(head) or _by_zeros(head) or "utf-8"
    found = survey(path, name)
    _refuse_long_line(found, limits)
    return _damaged(path, name, found, wish) if found.foreign else Encoding(name, suspect=found.controls > 0)


def _refuse_long_line(found: Survey, limits: Limits) -> None:
    if found.longest > limits.line_bytes:
        reason = f"Line {found.longest_line:,} has more than {limits.line_bytes:,} bytes."
        raise Refused(reason, "Check that the file has line breaks.", found.longest_line)


def _by_mark(head: bytes) -> str | None:
    return next((name for mark, name in MARKS if head.startswith(mark)), None)


def _by_zeros(head: bytes) -> str | None:
    """UTF-16 without a mark: in Latin text every other byte is zero."""
    pairs = max(1, len(head) // 2)
    even, odd = head[0::2].count(0) / pairs, head[1::2].count(0) / pairs
    if odd > 0.6 and even < 0.1:
        return "utf-16-le"
    if even > 0.6 and odd < 0.1:
        return "utf-16-be"
    return None


def _damaged(path: Path, name: str, found: Survey, wish: str | None) -> Encoding:
    """Damaged UTF-8 if a mark, a person or most characters beyond ASCII say so, Windows-1252 otherwise."""
    line = f"{found.foreign_line:,}"
    if wish in UTF_8 or name == "utf-8-sig" or found.beyond_ascii > found.foreign:
        warning = f"Line {line} holds bytes that are not UTF-8; lines with such bytes are rejected."
        return Encoding(name, "surrogateescape", suspect=True, warning=warning)
    western = survey(path, "cp1252")
    warning = f"Line {line} is not UTF-8, so the file is read as Windows-1252. Check its accented letters."
    return Encoding("cp1252", suspect=western.controls > 0, warning=warning)
