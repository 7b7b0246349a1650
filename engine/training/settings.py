"""What a person may say about a training, and what "auto" comes to."""

from __future__ import annotations

import math
from dataclasses import dataclass

from engine import fields, loss, optimizer, schedule
from engine.fields import AUTO

FEWEST_ROWS_TO_HOLD_OUT = 20
USUAL_HOLDOUT = 0.2
FEWEST_STEPS = 4000
FEWEST_EPOCHS = 20
LAST, BEST, AVERAGE = "last", "best", "average"


@dataclass(frozen=True)
class Settings:
    """Everything that decides what a training comes to, down to the last bit."""

    epochs: int | str = fields.whole(
        AUTO,
        low=1,
        high=10_000_000,
        auto=True,
        title="Epochs",
        help=f"How often every training row is visited; auto: {FEWEST_EPOCHS} times, or as often as makes "
        f"{FEWEST_STEPS:,} steps, if that is more.",
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
        help="How far a step goes; auto: as far as is usual and safe. Can be changed while it runs.",
    )
    holdout: float | str = fields.number(
        AUTO,
        low=0,
        high=0.9,
        auto=True,
        title="Hold out",
        help="The share of rows that are kept aside to see how well it does on rows it has not learnt from; teams that "
        "take turns keep rows aside of themselves.",
    )
    optimizer: str = fields.choice(
        "adam",
        options=tuple(optimizer.catalogue()),
        things=optimizer.catalogue,
        title="Optimiser",
        help="How parameters change, given the feedback.",
    )
    schedule: str = fields.choice(
        "cosine",
        options=tuple(schedule.catalogue()),
        things=schedule.catalogue,
        title="Schedule",
        help="How the learning rate changes on the way.",
    )
    loss: str = fields.choice(
        AUTO,
        options=(AUTO, *loss.catalogue()),
        things=loss.catalogue,
        title="Loss",
        help="How a miss is counted; feedback is its gradient. Auto: squared for numbers, the surprise for classes.",
    )
    seed: int = fields.whole(
        0,
        low=0,
        high=2**53,
        title="Seed",
        help="What is drawn at random is drawn from this: the same seed, the same run.",
    )
    keep: str = fields.choice(
        LAST,
        options=(LAST, BEST),
        title="Keep",
        help="The parameters of the last step, or those that did best on the rows held out.",
    )
    turns: bool = fields.flag(
        False,
        title="Take turns",
        help="Each of several teams that an estimate averages is kept from other rows, is judged by those, and keeps "
        "its own best.",
        advanced=True,
    )
    patience: int = fields.whole(
        0,
        low=0,
        high=100_000,
        title="Patience",
        help="Stops when the rows held out have not been estimated better for so many looks; 0: goes on to the end.",
        advanced=True,
    )
    target_loss: float = fields.number(
        0.0,
        low=0,
        high=1e300,
        title="Target loss",
        help="Stops when the loss on the rows held out, or else on those learnt from, is this small; 0: goes on.",
        advanced=True,
    )
    seconds: float = fields.number(
        0.0, low=0, high=86_400, title="Time limit", help="Stops after so many seconds; 0: goes on.", advanced=True
    )
    weight_decay: float | str = fields.number(
        AUTO,
        low=0,
        high=10,
        auto=True,
        title="Weight decay",
        help="How much weights shrink at every step, times the learning rate.",
        advanced=True,
    )
    l1: float = fields.number(
        0.0, low=0, high=10, title="L1", help="What a weight's size costs: makes useless ones zero.", advanced=True
    )
    l2: float = fields.number(
        0.0, low=0, high=10, title="L2", help="What half the square of a weight costs: keeps all small.", advanced=True
    )
    clip: float = fields.number(
        0.0, low=0, high=1e6, title="Clip", help="Shortens longer gradients to this length; 0: none.", advanced=True
    )
    averaging: float = fields.number(
        0.0,
        low=0,
        high=0.99999,
        title="Averaging",
        help="Keeps an average of the steps, of which so much stays at each; 0: none.",
        advanced=True,
    )
    quantile: float = fields.number(
        0.5,
        low=0.001,
        high=0.999,
        title="Quantile",
        help="For the quantile loss: the share to lie below.",
        advanced=True,
    )
    huber: float = fields.number(
        1.0, low=0.001, high=100, title="Bend", help="For Huber: where it turns straight, in deviations.", advanced=True
    )
    solve: bool = fields.flag(
        False,
        title="Solve",
        help="Takes the exact solution in place of steps, where the team is linear through and through and its loss is "
        "squared.",
        advanced=True,
    )
    revive: bool = fields.flag(
        True,
        title="Revive",
        help="Gives linear workers under a maximum or minimum another start that never win, or are worth little.",
        advanced=True,
    )
    softness: float = fields.number(
        0.5, low=0, high=100, title="Softness", help="How soft maximum and minimum are at first.", advanced=True
    )
    soft_share: float = fields.number(
        0.6, low=0, high=1, title="Soft until", help="After which share of the steps they are exact.", advanced=True
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

    @property
    def extra(self) -> float:
        """The number that goes with the loss."""
        chosen = None if self.loss == AUTO else loss.catalogue()[self.loss]
        return float(getattr(self, chosen.extra)) if chosen and chosen.extra else 0.0

    @property
    def looks(self) -> bool:
        """Whether anything depends on how well the rows held out are estimated on the way."""
        return self.keep == BEST or self.turns or self.patience > 0 or self.target_loss > 0 or self._halves

    @property
    def _halves(self) -> bool:
        return schedule.catalogue()[self.schedule].halves

    @property
    def takes(self) -> str:
        """Which step is taken away: the last, the best, or an average of them."""
        return BEST if self.keep == BEST else AVERAGE if self.averaging > 0 else LAST


@dataclass(frozen=True)
class Resolved:
    """The settings with every "auto" replaced by a number."""

    epochs: int
    batch_size: int
    learning_rate: float
    weight_decay: float
    steps: int


def holdout_share(settings: Settings, rows: int) -> float:
    """Which share of the rows is kept aside; none where teams take turns, who keep rows aside of themselves."""
    if settings.turns:
        return 0.0
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
    chosen = optimizer.catalogue()[settings.optimizer]
    rate = chosen.rate if settings.learning_rate == AUTO else float(settings.learning_rate)
    decay = chosen.decay if settings.weight_decay == AUTO else float(settings.weight_decay)
    return Resolved(epochs, batch, rate, decay, epochs * per_epoch)


def _batch_size(rows: int) -> int:
    """All of a tiny table, about a fortieth of a larger one, at most 256."""
    return rows if rows <= 8 else min(256, max(8, 2 ** round(math.log2(rows / 40))))
