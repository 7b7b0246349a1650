"""The table's columns as a model has learnt to read them, worked out from how the task holds them here."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine import start
from engine.errors import SettingRefused
from engine.preparation import Preparation, PreparedColumn
from engine.primitives.affine import Affine
from engine.program import Learnt, Recorder, TaskColumn
from engine.table import CODED


def adopted(preparation: Preparation, record: Recorder) -> tuple[int, dict[str, TaskColumn]]:
    """The slot of the features as the model prepares them, and how it holds the columns. Raises SettingRefused.

    A value that this task does not tell apart (a column left out here, a value unknown here, a missing one in a
    column that had none) is what it counts as here.
    """
    columns = preparation.task_columns()
    weights, bias = np.zeros((preparation.width, record.width(record.post.task))), np.zeros(preparation.width)
    for column in preparation.columns:
        places = columns[column.name].places
        _adopt(column, places, record.column(column.name), weights, bias)
    fixed = {"reading": weights, "reading_bias": bias}
    learnt = {name: Learnt(start.fixed(values), frozen=True) for name, values in fixed.items()}
    return record.step(Affine(preparation.width), record.post.task, **learnt), columns


def _adopt(
    column: PreparedColumn,
    places: Sequence[int],
    here: TaskColumn,
    weights: NDArray[np.float64],
    bias: NDArray[np.float64],
) -> None:
    """Writes the rows of one column: its features are weights @ those of the task + bias."""
    coded = column.type in CODED
    if here.places and coded != bool(here.categories):
        has, wants = ("numbers", "texts") if coded else ("texts", "numbers")
        raise SettingRefused(f"column '{column.name}' holds {has} here, and the model has learnt from {wants}.")
    if coded:
        for place, category in zip(places, column.categories, strict=False):
            if category in here.categories:
                weights[place, here.places[here.categories.index(category)]] = 1.0
    elif here.places:
        weights[places[0], here.places[0]] = here.scale / column.scale
        bias[places[0]] = (here.center - column.center) / column.scale
        if here.flagged:
            weights[places[0], here.places[-1]] = (column.fill - here.fill) / column.scale
    else:
        bias[places[0]] = (column.fill - column.center) / column.scale
    if column.flagged and here.flagged:
        weights[places[-1], here.places[-1]] = 1.0
