"""How the cells of a line are told apart: by a delimiter and a quote mark."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass

ONE_COLUMN = "\x1f"  # the delimiter of a table of one column: a character that no text holds


@dataclass(frozen=True)
class Grammar:
    """`quote` is empty where quote marks are ordinary characters."""

    delimiter: str
    quote: str = '"'

    def reader(self, lines: Iterator[str]) -> Iterator[list[str]]:
        """The standard library's reader, as strict as it can be."""
        return csv.reader(
            lines,
            delimiter=self.delimiter,
            quotechar=self.quote or None,
            quoting=csv.QUOTE_MINIMAL if self.quote else csv.QUOTE_NONE,
            skipinitialspace=self.delimiter != " ",
            strict=True,
        )

    def record(self) -> re.Pattern[str]:
        """What one record may look like (RFC 4180, and blanks before a cell), without backtracking."""
        quote, delimiter = re.escape(self.quote), re.escape(self.delimiter)
        blanks = "" if self.delimiter == " " else " *+"
        quoted = f"{quote}[^{quote}]*+(?:{quote}{quote}[^{quote}]*+)*+{quote}"
        cell = f"{blanks}(?:{quoted}|[^{quote}{delimiter}\\r\\n]*+)"
        return re.compile(f"{cell}(?:{delimiter}{cell})*+[\\r\\n]*+")
