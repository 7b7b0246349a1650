"""What a training reports, in the order in which it happens; no event holds a number that is no number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar


@dataclass(frozen=True)
class Losses:
    """An estimate's loss on the rows it learns from and on those kept aside, in the target's units; None: no rows."""

    train: float | None
    holdout: float | None


@dataclass(frozen=True)
class Event:
    """Something that happened after `step` steps, in epoch `epoch` (counted from 0, with its fraction)."""

    kind: ClassVar[str]
    step: int
    epoch: float

    def to_json(self) -> dict[str, Any]:
        """The event as it is kept and sent."""
        return asdict(self)


@dataclass(frozen=True)
class Started(Event):
    """The first event: what the settings came to, and what takes part.

    baseline: by estimate, what the best single number comes to; best: what the best parameters of all come to, where
    the team is linear and they can be worked out; empty elsewhere. losses: by estimate, the name of its loss. takes:
    what is taken away in the end: the "last" step, the "best" one, the best one of each of the "teams", or an
    "average" of the steps.
    """

    kind: ClassVar[str] = "started"
    steps: int
    epochs: int
    batch_size: int
    learning_rate: float
    executor: str
    train_rows: int
    holdout_rows: int
    left_out_rows: int
    left_out_columns: Sequence[Mapping[str, str]]
    baseline: Mapping[str, Losses]
    best: Mapping[str, Losses] = field(default_factory=dict)
    losses: Mapping[str, str] = field(default_factory=dict)
    takes: str = "last"


@dataclass(frozen=True)
class Reading(Event):
    """The newest losses and what every node and wire does at the moment, on a few rows."""

    kind: ClassVar[str] = "reading"
    learning_rate: float
    softness: float
    loss: Mapping[str, Losses]
    nodes: Mapping[str, Any] = field(default_factory=dict)
    wires: Mapping[str, Any] = field(default_factory=dict)
    rows: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Diverged(Event):
    """The numbers grew out of bounds; the parameters are those of the last step that was finite."""

    kind: ClassVar[str] = "diverged"
    learning_rate: float
    message: str
    hint: str


@dataclass(frozen=True)
class Finished(Event):
    """The last event: the exact losses over all rows, everything hard.

    reason: "epochs", "stopped" by a person, "solved", or "patience", "target" or "time" by the settings.
    softness: how soft the team still was when it ended, so that its losses before are not those of the hard one.
    """

    kind: ClassVar[str] = "finished"
    reason: str
    softness: float
    loss: Mapping[str, Losses]
    nodes: Mapping[str, Any] = field(default_factory=dict)
    wires: Mapping[str, Any] = field(default_factory=dict)
    rows: Mapping[str, Any] = field(default_factory=dict)
