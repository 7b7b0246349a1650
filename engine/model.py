"""A trained team with its preparation: works on rows as the table has them, and is closed data, no code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Rows, Vector
from engine.callbacks import ProgramFeedback, run
from engine.examples import Groups, groups_of, groups_of_rows
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

        Where the graph groups rows, each row is told its group's: those of these rows that have the same value.
        A class is told as {"value": the likeliest, "chances": {class: chance}}, yes or no as the chance of yes. What a
        row leaves out counts as missing. Not finite where the row's numbers are too large. Raises DataRefused for a
        value that does not fit its column.
        """
        results = self._results(rows)
        answers = [estimate.target.answers(results[place]) for place, estimate in enumerate(self.plan.estimates)]
        if len(answers) == 1:
            return answers[0]
        return [dict(zip(self.estimates, row, strict=True)) for row in zip(*answers, strict=True)]

    def predict_array(self, rows: Iterable[Mapping[str, Any]] | Table) -> NDArray[np.float64]:
        """The same as numbers side by side: rows x (one an estimate, of three classes and more one a class)."""
        results = self._results(rows)
        told = [estimate.target.told(results[place]) for place, estimate in enumerate(self.plan.estimates)]
        return np.concatenate(told, axis=1)

    def run(self, features: Rows) -> tuple[list[Rows], ProgramFeedback]:
        """Every slot of the plan for some prepared rows, and the callback."""
        return run(self.plan.program, features, self.plan.layout.views(self.parameters), Moment())

    def explain(self, row: Mapping[str, Any], estimate: str | None = None) -> dict[str, Any]:
        """See `engine.explain.explain`."""
        from engine.explain import explain

        return explain(self, row, estimate)

    @np.errstate(over="ignore", invalid="ignore")
    def _results(self, rows: Iterable[Mapping[str, Any]] | Table) -> list[Rows]:
        """By estimate, its result for every row (rows x width), on the team's own scale."""
        rows = rows if isinstance(rows, Table) else list(rows)
        table = rows if isinstance(rows, Table) else from_rows(self.plan.preparation.schema(), rows)
        features = self.plan.preparation.apply(table)
        if self.plan.grouping and len(features):
            return self._results_of_groups(features, self._groups(rows, self.plan.grouping.by))
        blocks = [self.run(features[low : low + BLOCK])[0] for low in range(0, max(len(features), 1), BLOCK)]
        return [np.concatenate([slots[estimate.slot] for slots in blocks]) for estimate in self.plan.estimates]

    def _groups(self, rows: Sequence[Mapping[str, Any]] | Table, by: str) -> Groups:
        if not isinstance(rows, Table):
            return groups_of_rows(rows, by)
        return groups_of(np.asarray(rows.data[by]) if by in rows.data else np.zeros(rows.rows))

    def _results_of_groups(self, features: Rows, groups: Groups) -> list[Rows]:
        """By estimate, its result for each row's group; as many groups at once as have about a block of rows."""
        at_once = max(1, BLOCK * groups.count // len(features))
        found: list[list[Rows]] = [[] for _ in self.plan.estimates]
        for low in range(0, groups.count, at_once):
            rows, starts = groups.take(np.arange(low, min(low + at_once, groups.count)))
            slots, _ = run(
                self.plan.program, features[rows], self.plan.layout.views(self.parameters), Moment(groups=starts)
            )
            for results, estimate in zip(found, self.plan.estimates, strict=True):
                results.append(slots[estimate.slot])
        return [np.concatenate(results)[groups.of_rows()] for results in found]


def checked_rows(model: Model, table: Table, count: int = CHECKS) -> list[dict[str, Any]]:
    """Rows from all over the table with the model's estimates, each worked out alone, to be kept with it."""
    chosen = np.unique(np.linspace(0, table.rows - 1, min(count, table.rows)).astype(int))
    names = [column.name for column in model.plan.preparation.columns]
    rows = [{name: table.cell(name, int(row)) for name in names} for row in chosen]
    return [{"row": row, "estimate": model.predict([row])[0]} for row in rows]
