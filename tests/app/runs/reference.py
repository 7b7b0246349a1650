"""What an undisturbed training comes to, with the same commands at the same steps: worked out by the engine alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine import graph as graphs
from engine.model import Model
from engine.model_json import to_json
from engine.table import from_columns
from engine.training.settings import Settings
from engine.training.train import Training, train

Change = tuple[int, float]


def undisturbed(
    graph: Mapping[str, Any],
    columns: Mapping[str, Sequence[float]],
    *,
    target: str,
    settings: Mapping[str, Any],
    changes: Sequence[Change] = (),
    last: int | None = None,
) -> Any:
    """The parameters as the model's document tells them, after all steps or the `last`, with new rates at steps."""
    due = sorted(changes, key=lambda change: change[0])

    def pace() -> int:
        stops = [step for step, _ in due] + ([] if last is None else [last])
        return min((step - training.step for step in stops if step > training.step), default=1 << 20)

    training = train(
        graphs.from_json(graph),
        from_columns({name: list(values) for name, values in columns.items()}),
        target,
        Settings(**settings),
        pace=pace,
    )
    for _ in training:
        while due and due[0][0] <= training.step:
            training.learning_rate = due.pop(0)[1]
        if training.step == last:
            break
    return parameters(training, target)


def parameters(training: Training, target: str) -> Any:
    return to_json(Model(training.plan, training.parameters, target))["parameters"]
