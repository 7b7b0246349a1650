"""AdamW: Adam, with weights that shrink a little at every step.

Loshchilov and Hutter, "Decoupled Weight Decay Regularization", 2019.
"""

from __future__ import annotations

from dataclasses import replace

from engine.optimizers import adam

optimizer = replace(
    adam.optimizer,
    title="AdamW",
    help="Adam, with weights that shrink a little at every step, so that none grows without need.",
    rate=0.01,
    decay=0.05,
)
