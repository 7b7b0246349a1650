"""What a training works on, made ready: which examples can be learnt from, and all rows as numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np

from engine import optimizer as optimizers
from engine.arrays import RowIds, Rows, zeros
from engine.errors import DataRefused
from engine.examples import Examples
from engine.plan import Plan
from engine.table import CODED, Table
from engine.training.acting import Acting, vectors
from engine.training.executor import Work
from engine.training.settings import Settings, resolve

Allocate: TypeAlias = Callable[[str, tuple[int, int], Any], Rows]
"""Makes room for a named matrix: (name, shape, dtype) -> array, which may be a mapped file."""


def in_memory(name: str, shape: tuple[int, int], dtype: Any) -> Rows:
    """Room in memory."""
    made: Rows = zeros(shape, dtype)
    return made


def usable_rows(table: Table, wanted: tuple[str, ...]) -> RowIds:
    """The rows that have all targets. Raises DataRefused when there are none."""
    known = np.ones(table.rows, bool)
    for name in wanted:
        column = table.column(name)
        known &= table.data[name] >= 0 if column.type in CODED else np.isfinite(table.data[name])
    rows = np.flatnonzero(known)
    if not len(rows):
        raise DataRefused(f"No row of the table has a value for {' and '.join(wanted)}. Choose another target.")
    return rows


def prepared(
    plan: Plan, examples: Examples, settings: Settings, allocate: Allocate, aside: Sequence[RowIds] | None = None
) -> Work:
    """Prepares columns and targets of all rows, in the precision of the training."""
    dtype, table, answers = np.dtype(settings.precision), examples.table, examples.answers
    features = plan.preparation.apply(table, allocate("features", (table.rows, plan.preparation.width), dtype))
    wanted = allocate("targets", (answers.rows, len(plan.estimates)), dtype)
    for place, estimate in enumerate(plan.estimates):
        wanted[:, place] = estimate.target.values(answers)
    told = wanted
    if aside or len(plan.voices) > len(plan.estimates):
        told = allocate("told", (answers.rows, len(plan.voices)), dtype)
        told[:] = wanted[:, [voice.place for voice in plan.voices]]
        for voice, kept_from in enumerate(aside or ()):
            told[kept_from, voice] = np.nan
    return Work(plan, features, wanted, told, _acting(plan, settings), settings.seed, examples.groups)


def _acting(plan: Plan, settings: Settings) -> Acting:
    dtype = np.dtype(settings.precision)
    weights, *held = vectors(plan.program, plan.layout)
    speeds, lows, highs = (None if vector is None else vector.astype(dtype) for vector in held)
    return Acting(
        optimizers.catalogue()[settings.optimizer],
        weights.astype(dtype),
        l1=settings.l1,
        l2=settings.l2,
        decay=resolve(settings, 1).weight_decay,
        clip=settings.clip,
        averaging=settings.averaging,
        speeds=speeds,
        lows=lows,
        highs=highs,
    )
