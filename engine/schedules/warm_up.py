"""Warm-up: up from nothing over the first twentieth, then down along half a wave."""

from __future__ import annotations

import numpy as np

from engine.schedule import Progress, Schedule

RISE = 0.05


def factor(progress: Progress) -> Progress:
    rising = np.minimum(progress / RISE, 1)
    falling = np.clip((progress - RISE) / (1 - RISE), 0, 1)
    wave: Progress = 0.5 * (1 + np.cos(np.pi * falling))
    return rising * wave


schedule = Schedule(
    title="Warm-up",
    help="Up from nothing over the first twentieth of the steps, then down along half a wave.",
    factor=factor,
)
