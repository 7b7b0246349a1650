"""Which delimiter and which quote mark a file uses, judged by a sample of its lines.

Every pair of candidates cuts the sample; the pair that gives the most regular table wins. Nothing rests on this
guess alone: the strict pass over the whole file then rejects, line by line, whatever does not fit.
"""

from __future__ import annotations

import itertools
import math
import re
import sys
from collections import Counter
from dataclasses import dataclass

from app.intake.dialect import Dialect
from app.intake.grammar import ONE_COLUMN, Grammar
from app.intake.judge import Record, records
from app.intake.limits import Limits
from app.intake.refusal import Refused

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
SAMPLE_RECORDS = 1_000
ANY_SIZE = Limits(cell_characters=sys.maxsize)  # a wrong delimiter makes large cells of small ones
LEAST_REGULAR = 0.6
# No quote mark at all must not win by hiding one damaged line; single marks that wrap cells are no chance.
QUOTE_WEIGHTS = {'"': 1.0, "'": 1.01, "": 0.8}
NUMBER = re.compile(r"[+-]?[0-9.,' ]+%?")


@dataclass(frozen=True)
class Cut:
    """A sample cut by one grammar: its most common width, and how regular the table is from its first such row."""

    grammar: Grammar
    width: int
    regular: float
    score: float

    @property
    def is_table(self) -> bool:
        return self.width > 1 and self.regular >= LEAST_REGULAR


def sniff(lines: list[str], wish: Dialect) -> Cut:
    """The best cut of the sample. Raises Refused where no delimiter makes a table."""
    cuts = [measure(lines, grammar) for grammar in _candidates("".join(lines), wish)]
    best = max(cuts, key=lambda each: each.score)
    if wish.delimiter is not None or (best.is_table and not _is_decimal_column(lines, best)):
        return best
    return _one_column(lines, best)


def _candidates(text: str, wish: Dialect) -> list[Grammar]:
    delimiters = [each for each in DELIMITERS if each in text] or [","]
    if wish.delimiter is not None:
        delimiters = [wish.delimiter or ONE_COLUMN]
    return [
        Grammar(delimiter, quote)
        for delimiter in delimiters
        for quote in (_quotes(text, delimiter) if wish.quote is None else [wish.quote])
    ]


def _quotes(text: str, delimiter: str) -> list[str]:
    """The usual mark; none, if it stands in several lines but opens no cell; the single one, if it wraps cells."""
    start, end = f"(?:^|[\r\n{re.escape(delimiter)}]) *", f"(?=[\r\n{re.escape(delimiter)}]|$)"
    quotes = ['"']
    if not re.search(f'{start}"', text) and sum('"' in line for line in text.splitlines()) > 1:
        quotes.append("")
    wrapped = len(re.findall(f"{start}'[^'\r\n]*'{end}", text))
    if wrapped > 1 and 2 * wrapped > 0.9 * text.count("'"):
        quotes.append("'")
    return quotes


def measure(lines: list[str], grammar: Grammar) -> Cut:
    """Cut the sample and score it: regular rows, many columns, cells without other delimiters, few lines before."""
    try:
        found = list(itertools.islice(records(lines, grammar, ANY_SIZE), SAMPLE_RECORDS))
    except Refused:
        return Cut(grammar, 1, 0, 0)
    found = [record for record in found if record.cells or record.fault]
    width = common_width(found)
    table = list(itertools.dropwhile(lambda record: len(record.cells) != width, found))
    regular = _share([len(record.cells) == width and not record.fault for record in table])
    doubts = regular * _clean(found[:200], grammar) * len(table) / max(1, len(found))
    return Cut(grammar, width, regular, doubts**2 * math.log2(width) * QUOTE_WEIGHTS.get(grammar.quote, 1))


def common_width(found: list[Record]) -> int:
    """The most common number of cells above one; 1 if there is none."""
    widths = Counter(len(record.cells) for record in found if not record.fault and len(record.cells) > 1)
    return max(widths, key=lambda width: (widths[width], width), default=1)


def _clean(found: list[Record], grammar: Grammar) -> float:
    others = re.compile("[" + re.escape("".join(each for each in DELIMITERS if each != grammar.delimiter)) + "]")
    cells = [cell for record in found for cell in record.cells if cell]
    return _share([not others.search(cell) or bool(NUMBER.fullmatch(cell)) for cell in cells])


def _share(held: list[bool]) -> float:
    return sum(held) / len(held) if held else 0.0


def _is_decimal_column(lines: list[str], best: Cut) -> bool:
    """One column of decimal commas below a name looks like two columns without a header."""
    filled = [line.strip() for line in lines if line.strip()]
    numbers = all(re.fullmatch(r"[+-]?[0-9]+(,[0-9]+)?", line) for line in filled[1:])
    return best.grammar.delimiter == "," and best.width == 2 and "," not in filled[0] and numbers


def _one_column(lines: list[str], best: Cut) -> Cut:
    """A table of one column, if the first line has no delimiter at all; a damaged table must not pass as one."""
    first = next(line for line in lines if line.strip())
    if not any(each in first for each in DELIMITERS):
        return measure(lines, Grammar(ONE_COLUMN, best.grammar.quote))
    name = DELIMITERS[best.grammar.delimiter]
    reason = f"The columns cannot be told apart: cut at each {name}, the lines differ in their number of cells."
    raise Refused(reason, "Check the delimiter, and that each line has as many cells as the first.")
