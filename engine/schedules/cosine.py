"""Cosine: full at first, down to nothing at the end along half a wave.

Loshchilov and Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts", 2017, without the restarts.
"""

from __future__ import annotations

import numpy as np

from engine.schedule import Progress, Schedule


def factor(progress: Progress) -> Progress:
    return 0.5 * (1 + np.cos(np.pi * np.clip(progress, 0, 1)))


schedule = Schedule(title="Cosine", help="Full at first, down to nothing at the end along half a wave.", factor=factor)
