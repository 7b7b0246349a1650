"""Every way in which this project damages a file: a delimiter, quote mark, line break, cell or byte too many or few."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

Lines = list[list[str]]  # the cells of each line, as they are written


@dataclass(frozen=True)
class Writing:
    """How the clean file is written. `always` puts every cell in quotes."""

    name: str
    delimiter: str
    decimal: str = "."
    always: bool = False

    def cell(self, text: str) -> str:
        needs = self.always or self.delimiter in text
        return f'"{text}"' if needs else text

    def text(self, lines: Lines) -> str:
        return "".join(self.delimiter.join(cells) + "\n" for cells in lines)


@dataclass(frozen=True)
class Damage:
    """One damaged file: what was done, at which line and cell (both from 0), and the bytes that came of it."""

    kind: str
    line: int
    cell: int
    content: bytes


def damages(writing: Writing, lines: Lines, places: list[tuple[int, int]]) -> Iterator[Damage]:
    """The file, damaged in every way that applies at each of the places."""
    for line, cell in places:
        for kind, text in _texts(writing, lines, line, cell):
            yield Damage(kind, line, cell, text.encode("utf-8", "surrogateescape"))


def _texts(writing: Writing, lines: Lines, line: int, cell: int) -> Iterator[tuple[str, str]]:
    here, rest = lines[line][cell], lines[line][cell + 1 :]
    end = writing.delimiter if rest else "\n"
    before = writing.text(lines[:line]) + "".join(each + writing.delimiter for each in lines[line][:cell])
    after = writing.text([rest] if rest else []) + writing.text(lines[line + 1 :])
    around = _inside_the_line(here, end) if rest else _at_its_end(here, writing.delimiter)
    yield from ((kind, before + put + after) for kind, put in around)
    yield from ((kind, before + put + end + after) for kind, put in _inside(here, writing.delimiter))
    yield "cut off", before + here[: len(here) // 2]


def _inside_the_line(here: str, delimiter: str) -> Iterator[tuple[str, str]]:
    """Changes of a cell and the delimiter after it."""
    yield "delimiter dropped", here
    yield "delimiter added", here + delimiter * 2
    yield "delimiter swapped", here + {",": ";", ";": ",", "\t": " "}[delimiter]
    yield "line break for delimiter", here + "\n"
    yield "cell dropped", ""
    yield "cell doubled", here + delimiter + here + delimiter


def _at_its_end(here: str, delimiter: str) -> Iterator[tuple[str, str]]:
    """Changes of a line's last cell and its line break."""
    yield "line break dropped", here
    yield "delimiter for line break", here + delimiter
    yield "delimiter added", here + delimiter + "\n"
    yield "blank for line break", here + " "
    yield "cell dropped", ""
    yield "cell doubled", here + delimiter + here + "\n"


def _inside(here: str, delimiter: str) -> Iterator[tuple[str, str]]:
    """Changes of the cell itself. What is legal inside quotes is no damage there."""
    half = len(here) // 2
    quoted = here.startswith('"')
    yield "quote before", '"' + here
    yield "quote inside", here[:half] + '"' + here[half:]
    yield "quote after", here + '"'
    yield "NUL inside", here[:half] + "\0" + here[half:]
    yield "control inside", here[:half] + "\x07" + here[half:]
    yield "foreign byte inside", here[:half] + "\udcff" + here[half:]
    yield "line break before", "\n" + here
    yield "line break after", here + "\n"
    if quoted:
        yield "opening quote dropped", here[1:]
        yield "closing quote dropped", here[:-1]
        return
    yield "delimiter inside", here[:half] + delimiter + here[half:]
    yield "line break inside", here[:half] + "\n" + here[half:]
    yield "return inside", here[:half] + "\r" + here[half:]
