"""Estimate every row of a table. The output is the table as it was, with a column more for each estimate.

Where classes are estimated, that is the likeliest one, and beside it stands a column with the chance of each. Where the
target is yes or no, or only 0 and 1, it is the chance of yes.

Lines that are no rows are left out and named on standard error.
"""

from __future__ import annotations

import argparse
import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from app.cli._files import STANDARD_OUTPUT, Opened, check_place, opened_table, read_model, say, write
from engine.fitting import fitted
from engine.model import Model

summary = "estimate every row of a table"
FORMULA = re.compile(r"\s*[=+\-@\t\r]")
NUMBER = re.compile(r"\s*[+-]?[0-9][0-9.,']*(?:[eE][+-]?[0-9]+)?\s*%?\s*")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", metavar="MODEL.json", type=Path, help="a file of model JSON")
    parser.add_argument("table", metavar="TABLE.csv", type=Path, help="a CSV file with the model's columns")
    parser.add_argument(
        "--out", default=STANDARD_OUTPUT, metavar="FILE.csv", help="the file to write. Usual: standard output"
    )
    parser.add_argument(
        "--for-spreadsheet",
        action="store_true",
        help="put a ' before texts that a spreadsheet would run as formulas",
    )


def run(arguments: argparse.Namespace) -> int:
    check_place(arguments.out)
    model = read_model(arguments.model)
    with opened_table(arguments.table) as opened, TemporaryDirectory(prefix="backchannel-") as folder:
        told = _told(model, opened)
        write(arguments.out, _lines(opened, Path(folder), told, safe=arguments.for_spreadsheet))
    return 0


@dataclass(frozen=True)
class Told:
    """A column of the output: a number a row, or a place among classes where it has those."""

    name: str
    values: NDArray[np.floating]
    classes: Sequence[str] = ()

    def cells(self, at: int, count: int, decimal: str) -> list[str]:
        """Some rows of it, as they are written."""
        some = self.values[at : at + count].tolist()
        return [self.classes[int(place)] if self.classes else _number(place, decimal) for place in some]


def _told(model: Model, opened: Opened) -> list[Told]:
    columns, grouping = model.plan.preparation.schema(), model.plan.grouping
    asked = [column.name for column in columns] + ([grouping.by] if grouping and grouping.by else [])
    table = opened.table(asked)
    found = model.predict_array(fitted(table, columns, asked))
    endless = int(np.count_nonzero(~np.isfinite(found).all(axis=1)))
    if endless:
        rows = "row holds" if endless == 1 else "rows hold"
        say(f"{endless:,} {rows} numbers that are too large to be estimated; their estimates are left empty.")
    called = {node.id: node.name or node.id for node in model.plan.whole.nodes}
    taken = {column["name"] for column in opened.description["columns"]}
    told, at = list[Told](), 0
    for estimate in model.plan.estimates:
        target, numbers = estimate.target, found[:, at : at + estimate.target.width]
        at += target.width
        name = _name(called[estimate.node], taken)
        if not target.classes:
            told.append(Told(name, numbers[:, 0]))
            continue
        chances = target.chances(numbers)
        likeliest = np.where(np.isfinite(chances).all(axis=1), chances.argmax(axis=1), len(target.classes))
        told.append(Told(name, likeliest, (*target.classes, "")))
        told += [Told(_name(f"{name}: {one}", taken), chances[:, place]) for place, one in enumerate(target.classes)]
    return told


def _name(name: str, taken: set[str]) -> str:
    """What a column of the output is called: as asked, but never as another one."""
    while name in taken:
        name += " (estimate)"
    taken.add(name)
    return name


def _lines(opened: Opened, folder: Path, told: Sequence[Told], *, safe: bool) -> Iterator[bytes]:
    """The output in blocks, written as the table was: its delimiter and its decimal mark."""
    from app.importing.original import original_rows
    from app.intake import Dialect

    dialect = Dialect.from_json(opened.description["dialect"])
    delimiter, decimal = dialect.delimiter or ",", dialect.decimal or "."
    names = [column["name"] for column in opened.description["columns"]] + [column.name for column in told]
    yield _written([[_safe(name) for name in names] if safe else names], delimiter)
    at = 0
    for block in original_rows(opened.source, folder, dialect):
        more = zip(*(column.cells(at, len(block), decimal) for column in told), strict=True)
        whole = [[*row, *cells] for row, cells in zip(block, more, strict=True)]
        yield _written([[_safe(cell) for cell in row] for row in whole] if safe else whole, delimiter)
        at += len(block)


def _written(rows: Sequence[Sequence[str]], delimiter: str) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def _number(number: float, decimal: str) -> str:
    """The shortest text that comes to the same number again."""
    return repr(number).replace(".", decimal) if np.isfinite(number) else ""


def _safe(cell: str) -> str:
    return f"'{cell}" if FORMULA.match(cell) and not NUMBER.fullmatch(cell) else cell
