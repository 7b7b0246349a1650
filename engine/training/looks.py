"""Looking at how well a training does, at steps that follow from its length alone; and what is concluded from it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Vector
from engine.training.settings import BEST, Settings

MOST_LOOKS = 200
PLATEAU_LOOKS = 10
SMALLEST_GAIN = 1e-4


@dataclass(frozen=True)
class Outlook:
    """What the looks so far came to.

    last: the newest loss, in the targets' units; best: the smallest on the team's own scale.
    parameters: those that had it, where the best are to be kept.
    bests: by voice, the smallest loss of each, where each is kept by itself.
    since: how many looks ago it got better; since_halved: how many since then, or since the rate was halved.
    factor: what the learning rate is multiplied by by now.
    """

    last: float = math.inf
    best: float = math.inf
    parameters: Vector | None = None
    since: int = 0
    since_halved: int = 0
    factor: float = 1.0
    bests: Vector | None = None


def every(steps: int, steps_per_epoch: int) -> int:
    """After how many steps there is a look: about two hundred in all, and none before an epoch's worth of rows."""
    return max(1, min(steps_per_epoch, steps // 20), -(-steps // MOST_LOOKS))


def looked(
    outlook: Outlook, told: float, loss: float, parameters: Vector, settings: Settings, *, halves: bool
) -> Outlook:
    """The outlook after one more look.

    told: what the estimates lose in all, in their targets' units; loss: the same on the team's own scale, on which all
    of them count alike.
    """
    better = loss < outlook.best - SMALLEST_GAIN * abs(outlook.best) if math.isfinite(outlook.best) else True
    kept = outlook.parameters
    if loss < outlook.best and settings.keep == BEST:
        kept = parameters
    since = 0 if better else outlook.since + 1
    since_halved = 0 if better else outlook.since_halved + 1
    factor = outlook.factor
    if halves and since_halved >= PLATEAU_LOOKS:
        factor, since_halved = factor / 2, 0
    return Outlook(told, min(loss, outlook.best), kept, since, since_halved, factor)


def kept_apart(before: Outlook, after: Outlook, losses: Vector, now: Vector, owners: NDArray[np.intp]) -> Outlook:
    """The outlook after a look at which every voice keeps its own best numbers, whatever the others do.

    losses: by voice; now: the parameters of this step; owners: for each number its voice, negative where it is shared,
    which is kept of the step at which all together were best.
    """
    bests = np.full(len(losses), np.inf) if before.bests is None else before.bests
    better = np.append(losses < bests, after.best < before.best)  # the last is for what is shared
    old = now if before.parameters is None else before.parameters
    return replace(after, parameters=np.where(better[owners], now, old), bests=np.minimum(losses, bests))


def reason_to_stop(outlook: Outlook, settings: Settings) -> str | None:
    """Why the training should end here; None when it should not."""
    if settings.target_loss and outlook.last <= settings.target_loss:
        return "target"
    if settings.patience and outlook.since >= settings.patience:
        return "patience"
    return None
