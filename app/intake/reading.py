"""The lines of a file in blocks, and a sample of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TextIO

from app.intake.encoding import Encoding
from app.intake.refusal import Refused

BLOCK_CHARACTERS = 1 << 20
SAMPLE_CHARACTERS = 1 << 18
SAMPLE_LINES = 3  # at least, however long they are


def blocks(text: TextIO, after_each: Callable[[], None]) -> Iterator[list[str]]:
    """Whole physical lines with their ends, about a megabyte of them at a time."""
    while block := text.readlines(BLOCK_CHARACTERS):
        yield block
        after_each()


def sample(path: Path, encoding: Encoding) -> list[str]:
    """The first lines of the file. Raises Refused if all of them are blank."""
    with encoding.open(path) as text:
        found = text.readlines(SAMPLE_CHARACTERS)
        while len(found) < SAMPLE_LINES and (line := text.readline()):
            found.append(line)
    if not any(line.strip() for line in found):
        raise Refused("The file begins with blank lines only.", "Use a file with column names and rows below them.")
    return found
