"""Say why a row of a table comes to its estimate: base + contributions, and who won where.

Rows are counted from 1: row 1 is the first below the names of the columns.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from app.cli._errors import Misuse
from app.cli._files import opened_table, read_model
from engine.model import Model

summary = "say why a row comes to its estimate"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", metavar="MODEL.json", type=Path, help="a file of model JSON")
    parser.add_argument("table", metavar="TABLE.csv", type=Path, help="a CSV file")
    parser.add_argument("--row", type=int, default=1, metavar="N", help="which row, counted from 1. Usual: 1")
    parser.add_argument("--estimate", metavar="NODE", help="the id of the estimate that is meant. Usual: the first")
    parser.add_argument("--json", action="store_true", help="print JSON, every number to its last bit")


def run(arguments: argparse.Namespace) -> int:
    model = read_model(arguments.model)
    row = _row(model, arguments.table, arguments.row)
    told = model.explain(row, arguments.estimate)
    if arguments.json:
        print(json.dumps(told, ensure_ascii=False))
    else:
        print("\n".join(_lines(model, row, told)))
    return 0


def _row(model: Model, path: Path, number: int) -> dict[str, Any]:
    with opened_table(path) as opened:
        names = [column.name for column in model.plan.preparation.columns]
        table = opened.table(names)
        if not 1 <= number <= table.rows:
            raise Misuse(f"There is no row {number:,}; the table has {table.rows:,}, counted from 1.")
        return {name: table.cell(name, number - 1) for name in names}


def _lines(model: Model, row: Mapping[str, Any], told: Mapping[str, Any]) -> Iterator[str]:
    values = {"base": told["base"], **told["contributions"], "estimate": told["estimate"]}
    names = {"base": "base", **{name: f"{name} = {_cell(row[name])}" for name in row}, "estimate": "estimate"}
    width = max(len(name) for name in names.values())
    numbers = {name: f"{value:,.6g}" for name, value in values.items()}
    most = max(len(number) for number in numbers.values())
    for name, number in numbers.items():
        yield f"{names[name]:<{width}}  {number:>{most}}"
    called = {node.id: node.name for node in model.plan.whole.nodes}
    for step in told["path"]:
        yield f"At {called[step['node']]}, {called[step['winner']]} won."
    if not told["exact"]:
        yield "The contributions hold around this row; the model bends elsewhere."


def _cell(value: Any) -> str:
    return "(missing)" if value is None else str(value)
