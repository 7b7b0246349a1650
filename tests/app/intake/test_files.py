"""Every file in `tests/cases/intake/files.json`: the table that comes of it, what is said, or why it is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.intake import Refused
from tests.app.intake.support import read

CASES = json.loads((Path(__file__).parents[2] / "cases/intake/files.json").read_text("utf-8"))
GOOD = [case for case in CASES if "refused" not in case]
BAD = [case for case in CASES if "refused" in case]


def content(case: dict[str, Any]) -> bytes:
    return bytes.fromhex(case["hex"]) if "hex" in case else case["content"].encode(case.get("encoding", "utf-8"))


@pytest.mark.parametrize("case", GOOD, ids=lambda case: case["case"])
def test_a_file_becomes_its_table_and_no_doubt_is_hidden(case: dict[str, Any]) -> None:
    table = read(content(case))
    said = " ".join(table.description.warnings)
    assert table.names == case["names"]
    assert [list(row) for row in table.rows] == case["rows"]
    assert table.rejected_lines == case.get("rejected", [])
    assert all(case["reason"] in rejection.reason for rejection in table.description.rejected.first if "reason" in case)
    assert case["says"] in said if "says" in case else not said


@pytest.mark.parametrize("case", BAD, ids=lambda case: case["case"])
def test_a_file_is_refused_with_a_reason_and_a_cure(case: dict[str, Any]) -> None:
    with pytest.raises(Refused) as refused:
        read(content(case))
    assert case["refused"] in refused.value.message
    assert refused.value.cure.endswith(".")
    assert case.get("anyline") or refused.value.line == case.get("line")
