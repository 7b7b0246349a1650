"""Model documents and rows that nobody would write by hand: refused in words, never a surprise later."""

import copy
import json

import numpy as np
import pytest

from engine.errors import DataRefused, ModelRefused
from engine.formula import formulas
from engine.model_json import from_json, to_json
from engine.table import Column, cell_from_json
from tests.engine.test_model import MIXED_TEAM, mixed_table, trained


@pytest.fixture(scope="module")
def document():
    return json.loads(json.dumps(to_json(trained(MIXED_TEAM, mixed_table(), "Price", epochs=2))))


@pytest.mark.parametrize(
    "change",
    [
        lambda columns: columns[0].update(type="nonsense"),
        lambda columns: columns[0].update(type=""),
        lambda columns: columns[0].update(name=columns[1]["name"]),
        lambda columns: columns.append(columns[0]),
        lambda columns: columns[1]["categories"].append(columns[1]["categories"][0]),
    ],
)
def test_columns_that_no_table_has_are_refused(document, change):
    changed = copy.deepcopy(document)
    change(changed["columns"])
    with pytest.raises(ModelRefused):
        from_json(changed)


@pytest.mark.parametrize("value", [10**25, -(10**25), 10**400, 1e308])
@pytest.mark.parametrize("type", ["number", "date", "boolean", "category"])
def test_a_cell_takes_a_large_whole_number_or_says_why_not(value, type):
    try:
        assert np.isfinite(cell_from_json(Column("c", type, ("a",)), value))
    except DataRefused as error:
        assert "Column 'c' wants" in str(error)


def test_numbers_that_are_too_large_come_to_no_finite_estimate_without_a_word(document):
    changed = copy.deepcopy(document)
    changed["parameters"]["a"]["weights"][0][0] = 1e300
    model = from_json(changed)
    (estimate,) = model.predict([{"Size": 1e308}])
    assert not np.isfinite(estimate)
    model.explain({"Size": 1e308})
    formulas(model)
