"""Every spelling in `tests/cases/intake/columns.json`: which type its column gets, which values, and what is said."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from tests.app.intake.support import read

CASES = json.loads((Path(__file__).parents[2] / "cases/intake/columns.json").read_text("utf-8"))


def written(case: dict[str, Any]) -> str:
    """The cells below `value`, beside a column of row numbers; `before` holds a cell and how often it comes first."""
    cell, times = case.get("before", ["", 0])
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=case.get("delimiter", ","))
    writer.writerow(["row", "value"])
    writer.writerows(enumerate([cell] * times + case["cells"]))
    return text.getvalue()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_a_column_has_its_type_and_values_and_no_doubt_is_hidden(case: dict[str, Any]) -> None:
    table = read(written(case))
    column = table.description.columns[1]
    said = " ".join([column.note or "", *table.description.warnings])
    assert (column.type, table.columns["value"]) == (case["type"], case["values"])
    assert case["says"] in said if "says" in case else not said.strip()
    assert column.missing == case["values"].count(None)
    assert table.description.rejected.count == 0
