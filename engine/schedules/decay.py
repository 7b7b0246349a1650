"""Decay: by the same share at every step, down to a hundredth."""

from __future__ import annotations

import numpy as np

from engine.schedule import Progress, Schedule


def factor(progress: Progress) -> Progress:
    return 0.01 ** np.clip(progress, 0, 1)


schedule = Schedule(
    title="Decay",
    help="Shrinks by the same share at every step, down to a hundredth at the end.",
    factor=factor,
)
