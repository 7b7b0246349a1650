"""One look at every byte of a file: is it text, is it in the encoding that it claims, and where is it not."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from app.intake.refusal import Refused

BLOCK = 1 << 20
UTF_8 = ("utf-8", "utf-8-sig")
CONTROLS = bytes(code for code in range(32) if chr(code) not in "\t\n\r") + b"\x7f"
UNDECODED = re.compile("[\udc80-\udcff]")  # what `surrogateescape` makes of bytes that are no UTF-8
AS_UTF_8 = "Save the table as CSV in UTF-8 and use that."


@dataclass
class Survey:
    """What was seen so far: `line` counts physical lines, the other numbers characters or bytes."""

    line: int = 1
    controls: int = 0
    foreign: int = 0  # bytes that are no UTF-8
    foreign_line: int = 0  # the line of the first of them
    beyond_ascii: int = 0  # good characters beyond ASCII
    after_return: bool = False
    since_break: int = 0  # bytes of the line that the next block goes on with
    longest: int = 0  # bytes of the longest line
    longest_line: int = 0

    def look(self, block: bytes, text: str) -> None:
        """Take in the next block; raises Refused where it is binary."""
        controls = len(block) - len(block.translate(None, CONTROLS))
        if controls > max(3, len(block) // 200) or b"\0" in block:
            self._refuse(block)
        self.controls += controls
        if not text.isascii():
            self._look_beyond_ascii(text)
        self._measure_lines(block)
        self.line += self._breaks(block)
        self.after_return = block.endswith(b"\r")

    def _measure_lines(self, block: bytes) -> None:
        pieces = block.replace(b"\r", b"\n").split(b"\n")
        lengths = [self.since_break + len(pieces[0]), *map(len, pieces[1:])]
        self.since_break = lengths[-1]
        if (longest := max(lengths)) > self.longest:
            before = sum(len(piece) + 1 for piece in pieces[: lengths.index(longest)])
            self.longest, self.longest_line = longest, self.line + self._breaks(block[:before])

    def _look_beyond_ascii(self, text: str) -> None:
        foreign = UNDECODED.findall(text)
        if foreign and not self.foreign:
            before = text[: text.index(foreign[0])].encode("utf-8", "surrogateescape")
            self.foreign_line = self.line + self._breaks(before)
        self.foreign += len(foreign)
        self.beyond_ascii += len(text) - len(text.encode("ascii", "ignore")) - len(foreign)

    def _refuse(self, block: bytes) -> None:
        at = block.find(0) if b"\0" in block else min(map(block.find, set(block) & set(CONTROLS)))
        line = self.line + self._breaks(block[:at])
        raise Refused(f"Line {line:,} holds binary data, so this is not a text file.", AS_UTF_8, line)

    def _breaks(self, block: bytes) -> int:
        """Line ends in the block: \\n, \\r or \\r\\n, the last also where the block before ended with its \\r."""
        pairs = block.count(b"\r\n") + (self.after_return and block.startswith(b"\n"))
        return block.count(b"\n") + block.count(b"\r") - pairs


def survey(path: Path, encoding: str) -> Survey:
    """Look at the whole file as text in `encoding`; only UTF-8 may be damaged, and the survey says how much."""
    found = Survey()
    errors = "surrogateescape" if encoding in UTF_8 else "strict"
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    with path.open("rb") as file:
        for block in _until_empty(file):
            text = _decoded(decoder, block, encoding, found.line)
            found.look(block if encoding in UTF_8 else text.encode(), text)
    return found


def _until_empty(file: IO[bytes]) -> Iterator[bytes]:
    while block := file.read(BLOCK):
        yield block
    yield b""


def _decoded(decoder: codecs.IncrementalDecoder, block: bytes, encoding: str, line: int) -> str:
    try:
        return decoder.decode(block, final=not block)
    except UnicodeError as error:
        if isinstance(error, UnicodeDecodeError):
            line += bytes(error.object[: error.start]).count(b"\n")
        reason = f"Near line {line:,} the file is damaged: its bytes are no {encoding} text."
        raise Refused(reason, AS_UTF_8, line) from None
