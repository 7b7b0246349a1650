"""Same again: another node's worker in a second place, with the same parameters."""

from __future__ import annotations

from dataclasses import dataclass

from engine import fields
from engine.errors import SettingRefused
from engine.kind import ONE_TASK, Inputs, Kind
from engine.program import Recorder


@dataclass(frozen=True)
class Settings:
    worker: str = fields.text("", type="node", title="Worker", help="Whose parameters it works with and teaches.")


def lower(settings: Settings, inputs: Inputs, record: Recorder) -> int:
    if not settings.worker:
        raise SettingRefused("it does not know whose parameters to use. Choose a worker.")
    return record.again(settings.worker, inputs)


kind = Kind(
    title="Same again",
    family="worker",
    help="Another worker in a second place: one set of parameters, taught by both.",
    feedback="It goes to the shared parameters, added to what the other place learns.",
    formula="f(x)",
    inputs=ONE_TASK,
    settings=Settings,
    lower=lower,
    example=lambda columns, workers: {"worker": workers[0]},
)
