"""A table in its folder becomes the engine's table, without being read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.tables_on_disk import open_table


def described(folder: Path) -> dict[str, Any]:
    np.save(folder / "0.npy", np.array([0.5, np.nan]))
    np.save(folder / "1.npy", np.array([1, -1], np.int32))
    np.save(folder / "2.npy", np.array([0, 1], np.int32))
    (folder / "2.json").write_text(json.dumps(["a long text", "another"]))
    return {
        "columns": [
            {"name": "Cost", "type": "number", "file": "0.npy", "categories": None},
            {"name": "Party", "type": "category", "file": "1.npy", "categories": ["red", "blue"]},
            {"name": "Words", "type": "text", "file": "2.npy", "categories_file": "2.json", "distinct": 2},
        ]
    }


def test_columns_are_mapped_by_their_names(tmp_path: Path) -> None:
    table = open_table(tmp_path, described(tmp_path))
    assert table.row(0) == {"Cost": 0.5, "Party": "blue", "Words": "a long text"}
    assert table.row(1) == {"Cost": None, "Party": None, "Words": "another"}
    assert all(isinstance(values, np.memmap) for values in table.data.values())


def test_long_lists_of_texts_are_read_only_where_they_are_needed(tmp_path: Path) -> None:
    description = described(tmp_path)
    assert open_table(tmp_path, description, texts=["Words"]).column("Words").categories == ("a long text", "another")
    (tmp_path / "2.json").unlink()
    assert open_table(tmp_path, description, texts=()).column("Words").categories == ("", "")


def test_a_table_without_rows_can_be_opened(tmp_path: Path) -> None:
    np.save(tmp_path / "0.npy", np.empty(0))
    assert open_table(tmp_path, {"columns": [{"name": "a", "type": "number", "file": "0.npy"}]}).rows == 0


@pytest.mark.parametrize("values", [np.zeros(2, np.int32), np.zeros((2, 2)), np.array(["x"])])
def test_a_file_of_something_else_is_refused(tmp_path: Path, values: np.ndarray) -> None:
    np.save(tmp_path / "0.npy", values)
    with pytest.raises(ValueError, match=r"0\.npy does not hold one column of float64"):
        open_table(tmp_path, {"columns": [{"name": "a", "type": "number", "file": "0.npy"}]})
