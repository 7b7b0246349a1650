"""Constant: the same learning rate to the end."""

from __future__ import annotations

import numpy as np

from engine.schedule import Progress, Schedule


def factor(progress: Progress) -> Progress:
    return np.ones_like(progress)


schedule = Schedule(title="Constant", help="The same learning rate to the end.", factor=factor)
