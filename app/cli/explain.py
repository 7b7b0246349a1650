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
    bent = told["estimate"] != told["score"]
    score = "score" if told["of"] is None else f"score of {_called(told['of'])}"
    parts = {"base": told["base"], **{f"{name} = {_cell(row[name])}": it for name, it in told["contributions"].items()}}
    told_in_words = {
        name: f"{value:,.6g}" for name, value in {**parts, **({score: told["score"]} if bent else {})}.items()
    }
    told_in_words["estimate"] = _estimate(told["estimate"])
    width, most = max(map(len, told_in_words)), max(map(len, told_in_words.values()))
    for name, text in told_in_words.items():
        yield f"{name:<{width}}  {text:>{most}}"
    called = {node.id: node.name for node in model.plan.whole.nodes}
    for step in told["path"]:
        yield f"At {called[step['node']]}, {called[step['winner']]} won."
    if model.plan.grouping:
        yield "The row is explained as a group of its own."
    if told["held"]:
        yield "The estimate is held there: it stays near the targets that were learnt from."
    if not told["exact"]:
        yield "The contributions hold around this row; the model bends elsewhere."


def _estimate(estimate: Any) -> str:
    if not isinstance(estimate, dict):
        return f"{estimate:,.6g}"
    return f"{estimate['value']} ({estimate['chances'][estimate['value']]:.1%})"


def _called(of: str | bool) -> str:
    return "yes" if of is True else str(of)


def _cell(value: Any) -> str:
    return "(missing)" if value is None else str(value)
