"""What a person may say about a training, and what "auto" comes to."""

from __future__ import annotations

import math
from dataclasses import dataclass

from engine import fields, loss, optimizer, schedule
from engine.fields import AUTO

FEWEST_ROWS_TO_HOLD_OUT = 20
USUAL_HOLDOUT = 0.2
FEWEST_STEPS = 2000
FEWEST_EPOCHS = 20


@dataclass(frozen=True)
class Settings:
    """Everything that decides what a training comes to, down to the last bit."""

    epochs: int | str = fields.whole(
        AUTO,
        low=1,
        high=10_000_000,
        auto=True,
        title="Epochs",
        help="How often every training row is visited.",
    )
    batch_size: int | str = fields.whole(
        AUTO, low=1, high=1_000_000, auto=True, title="Batch size", help="How many rows are answered at once."
    )
    learning_rate: float | str = fields.number(
        AUTO,
        low=0,
        high=1000,
        auto=True,
        title="Learning rate",
        help="How far a step goes. Can be changed while it runs.",
    )
    holdout: float | str = fields.number(
        AUTO,
        low=0,
        high=0.9,
        auto=True,
        title="Hold out",
        help="The share of rows that are kept aside to see how well it does on rows it has not learnt from.",
    )
    optimizer: str = fields.choice(
        "adam",
        options=tuple(optimizer.catalogue()),
        title="Optimiser",
        help="How parameters change, given the feedback.",
    )
    schedule: str = fields.choice(
        "cosine",
        options=tuple(schedule.catalogue()),
        title="Schedule",
        help="How the learning rate changes on the way.",
    )
    loss: str = fields.choice(
        "squared",
        options=tuple(loss.catalogue()),
        title="Loss",
        help="How a miss is counted; feedback is its gradient.",
    )
    seed: int = fields.whole(
        0,
        low=0,
        high=2**53,
        title="Seed",
        help="What is drawn at random is drawn from this: the same seed, the same run.",
    )
    softness: float = fields.number(
        2.0,
        low=0,
        high=100,
        title="Softness",
        help="How soft maximum and minimum are at first.",
        advanced=True,
    )
    soft_share: float = fields.number(
        0.6,
        low=0,
        high=1,
        title="Soft until",
        help="After which share of the steps they are exact.",
        advanced=True,
    )
    standardise: bool = fields.flag(
        True, title="Standardise", help="Centres and scales columns and target while training.", advanced=True
    )
    precision: str = fields.choice(
        "float64",
        options=("float64", "float32"),
        title="Precision",
        help="float32 is faster on large teams.",
        advanced=True,
    )


@dataclass(frozen=True)
class Resolved:
    """The settings with every "auto" replaced by a number."""

    epochs: int
    batch_size: int
    learning_rate: float
    steps: int


def holdout_share(settings: Settings, rows: int) -> float:
    """Which share of the rows is kept aside."""
    if settings.holdout == AUTO:
        return USUAL_HOLDOUT if rows >= FEWEST_ROWS_TO_HOLD_OUT else 0.0
    return float(settings.holdout)


def resolve(settings: Settings, rows: int) -> Resolved:
    """What the settings come to for this many training rows."""
    batch = _batch_size(rows) if settings.batch_size == AUTO else min(int(settings.batch_size), rows)
    per_epoch = math.ceil(rows / batch)
    epochs = (
        max(FEWEST_EPOCHS, math.ceil(FEWEST_STEPS / per_epoch)) if settings.epochs == AUTO else int(settings.epochs)
    )
    rate = (
        optimizer.catalogue()[settings.optimizer].rate
        if settings.learning_rate == AUTO
        else float(settings.learning_rate)
    )
    return Resolved(epochs, batch, rate, epochs * per_epoch)


def _batch_size(rows: int) -> int:
    """All of a tiny table, about a fortieth of a larger one, at most 256."""
    return rows if rows <= 8 else min(256, max(8, 2 ** round(math.log2(rows / 40))))
