"""A trained team with its preparation: works on rows as the table has them, and is closed data, no code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Rows, Vector
from engine.callbacks import ProgramFeedback, run
from engine.plan import Plan
from engine.primitive import Moment
from engine.table import Table, from_rows

BLOCK = 8_192
CHECKS = 10


@dataclass(frozen=True)
class Model:
    """A plan and its parameters (float64, as the plan lays them out).

    target: the column that estimates without a target of their own are compared with.
    training: how it came about: seed, settings, score, rows, date, version.
    checks: rows with their estimates, to see that another place works the same out.
    """

    plan: Plan
    parameters: Vector
    target: str | None = None
    training: Mapping[str, Any] = field(default_factory=dict)
    checks: Sequence[Mapping[str, Any]] = ()

    @property
    def estimates(self) -> list[str]:
        """The ids of the estimate nodes, in the graph's order."""
        return [estimate.node for estimate in self.plan.estimates]

    def predict(self, rows: Iterable[Mapping[str, Any]] | Table) -> list[Any]:
        """One estimate a row, in the target's units; by estimate node where the graph has several.

        What a row leaves out counts as missing. Raises DataRefused for a value that does not fit its column.
        """
        found = self.predict_array(rows)
        if len(self.estimates) == 1:
            return list(found[:, 0].tolist())
        return [dict(zip(self.estimates, row, strict=True)) for row in found.tolist()]

    @np.errstate(over="ignore", invalid="ignore")
    def predict_array(self, rows: Iterable[Mapping[str, Any]] | Table) -> NDArray[np.float64]:
        """The same as an array: rows x estimates. Not finite where the row's numbers are too large."""
        table = rows if isinstance(rows, Table) else from_rows(self.plan.preparation.schema(), rows)
        features = self.plan.preparation.apply(table)
        blocks = [self._estimates(features[low : low + BLOCK]) for low in range(0, len(features), BLOCK)]
        return np.concatenate(blocks) if blocks else np.empty((0, len(self.estimates)))

    def run(self, features: Rows) -> tuple[list[Rows], ProgramFeedback]:
        """Every slot of the plan for some prepared rows, and the callback."""
        return run(self.plan.program, features, self.plan.layout.views(self.parameters), Moment())

    def explain(self, row: Mapping[str, Any], estimate: str | None = None) -> dict[str, Any]:
        """See `engine.explain.explain`."""
        from engine.explain import explain

        return explain(self, row, estimate)

    def _estimates(self, features: Rows) -> NDArray[np.float64]:
        slots, _ = self.run(features)
        told = [e.target.center + e.target.scale * slots[e.slot][:, 0] for e in self.plan.estimates]
        return np.stack(told, axis=1)


def checked_rows(model: Model, table: Table, count: int = CHECKS) -> list[dict[str, Any]]:
    """Rows from all over the table with the model's estimates, to be kept with it."""
    chosen = np.unique(np.linspace(0, table.rows - 1, min(count, table.rows)).astype(int))
    names = [column.name for column in model.plan.preparation.columns]
    rows = [{name: table.cell(name, int(row)) for name in names} for row in chosen]
    return [{"row": row, "estimate": estimate} for row, estimate in zip(rows, model.predict(rows), strict=True)]
