"""Estimate every row of a table. The output is the table as it was, with a column more for each estimate.

Lines that are no rows are left out and named on standard error.
"""

from __future__ import annotations

import argparse
import csv
import io
import re
from collections.abc import Iterator, Sequence
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
        estimates = _estimates(model, opened)
        write(arguments.out, _lines(model, opened, Path(folder), estimates, safe=arguments.for_spreadsheet))
    return 0


def _estimates(model: Model, opened: Opened) -> NDArray[np.float64]:
    columns, grouping = model.plan.preparation.schema(), model.plan.grouping
    asked = [column.name for column in columns] + ([grouping.by] if grouping and grouping.by else [])
    table = opened.table(asked)
    found = model.predict_array(fitted(table, columns, asked))
    endless = int(np.count_nonzero(~np.isfinite(found).all(axis=1)))
    if endless:
        rows = "row holds" if endless == 1 else "rows hold"
        say(f"{endless:,} {rows} numbers that are too large to be estimated; their estimates are left empty.")
    return found


def _lines(
    model: Model, opened: Opened, folder: Path, estimates: NDArray[np.float64], *, safe: bool
) -> Iterator[bytes]:
    """The output in blocks, written as the table was: its delimiter and its decimal mark."""
    from app.importing.original import original_rows
    from app.intake import Dialect

    dialect = Dialect.from_json(opened.description["dialect"])
    delimiter, decimal = dialect.delimiter or ",", dialect.decimal or "."
    names = [column["name"] for column in opened.description["columns"]]
    header = [_safe(name) if safe else name for name in [*names, *_names(model, names)]]
    yield _written([header], delimiter)
    at = 0
    for block in original_rows(opened.source, folder, dialect):
        told = [[_number(number, decimal) for number in row] for row in estimates[at : at + len(block)].tolist()]
        cells = [[_safe(cell) for cell in row] for row in block] if safe else block
        yield _written([[*row, *more] for row, more in zip(cells, told, strict=True)], delimiter)
        at += len(block)


def _written(rows: Sequence[Sequence[str]], delimiter: str) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def _names(model: Model, taken: Sequence[str]) -> list[str]:
    """What the columns of the estimates are called: as their nodes, but never as a column of the table."""
    called, names = {node.id: node.name or node.id for node in model.plan.whole.nodes}, list(taken)
    for id in model.estimates:
        name = called[id]
        while name in names:
            name += " (estimate)"
        names.append(name)
    return names[len(taken) :]


def _number(number: float, decimal: str) -> str:
    """The shortest text that comes to the same number again."""
    return repr(number).replace(".", decimal) if np.isfinite(number) else ""


def _safe(cell: str) -> str:
    return f"'{cell}" if FORMULA.match(cell) and not NUMBER.fullmatch(cell) else cell
