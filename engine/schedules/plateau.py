"""Plateau: the same learning rate, halved whenever the loss has not improved for a while."""

from __future__ import annotations

import numpy as np

from engine.schedule import Progress, Schedule


def factor(progress: Progress) -> Progress:
    return np.ones_like(progress)


schedule = Schedule(
    title="Plateau",
    help="The same learning rate, halved whenever the rows held out are not estimated better for a while.",
    factor=factor,
    halves=True,
)
