"""The learning rate that "auto" comes to: the optimiser's usual one, or less where that is too high for this team.

Plain steps along the gradient run away where the rate is above two over the sharpest bend of the loss, and a sum of
eight workers bends eight times as sharply as one. Optimisers that measure their steps by past gradients do not run
away. But what they change in workers that stand one behind the other multiplies: a long chain is thrown to where it
learns no more, and at which rate only a try can tell.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from engine.arrays import RowIds, Vector
from engine.plan import Plan
from engine.primitive import Moment
from engine.start import generator_for
from engine.training.executor import Callbacks, Work
from engine.training.settings import Resolved
from engine.training.split import evenly
from engine.training.tries import STEPS, few

Try: TypeAlias = Callable[[float], float]
"""A short training from the start at this rate, its schedule and all -> the loss that it ends with."""

LOOKED_AT = 256
ROUNDS = 12
APART = 1e-4
SHARES = (1.0, 0.4, 0.16, 0.064)
WORSE = 1.5
FEWEST_IN_SERIES = 3
MOST_MULTIPLICATIONS = 1e10
"""Of all tries together: 0.4 seconds at most."""


def safe(work: Work, rows: RowIds, parameters: Vector, resolved: Resolved, attempt: Try) -> float:
    """The usual rate, or less.

    For plain steps, at most one over the sharpest bend of the loss at these parameters, to two digits. For others,
    where three workers or more stand in series, the largest share of it whose try ends with no more than half again
    the loss of the best.
    """
    usual = resolved.learning_rate
    if work.acting.optimizer.plain:
        sharpest = _sharpest(work, rows, np.asarray(parameters, np.float64))
        return min(usual, float(f"{1 / sharpest:.2g}")) if 0 < sharpest < np.inf else usual
    if not _worth_trying(work, resolved):
        return usual
    ends = [attempt(usual * share) for share in SHARES]
    best = min(ends)
    share = next((share for share, end in zip(SHARES, ends, strict=True) if end <= WORSE * best < np.inf), SHARES[-1])
    return float(f"{usual * share:.2g}")


def _worth_trying(work: Work, resolved: Resolved) -> bool:
    """Whether it is a chain that takes more steps than a try, and small enough for tries to be over in a moment."""
    a_step = work.plan.layout.size * (3 * few(resolved) + 10)
    return (
        resolved.steps >= STEPS
        and len(SHARES) * STEPS * a_step <= MOST_MULTIPLICATIONS
        and in_series(work.plan) >= FEWEST_IN_SERIES
    )


def in_series(plan: Plan) -> int:
    """How many steps that learn stand one behind the other, at most."""
    program, found = plan.program, [0] * (len(plan.program.steps) + 1)
    for slot, step in enumerate(program.steps, 1):
        learns = any(program.parameters[one].speed > 0 for one in step.parameters)
        found[slot] = max((found[place] for place in step.inputs), default=0) + learns
    return max(found[voice.slot] for voice in plan.voices)


def _sharpest(work: Work, rows: RowIds, parameters: Vector) -> float:
    """The largest curvature of the summed losses over some rows, each round nearer: how far two gradients differ.

    Along parameters that learn twice as fast it counts twice, and not at all along frozen ones.
    """
    some, speeds = evenly(rows, LOOKED_AT), 1.0 if work.acting.speeds is None else work.acting.speeds
    callbacks, apart = Callbacks(work), APART * (1 + float(np.linalg.norm(parameters)))
    direction = generator_for(work.seed, "rate").normal(size=len(parameters))
    length = float(np.linalg.norm(direction))
    for _ in range(ROUNDS):
        with np.errstate(over="ignore", invalid="ignore"):
            step = direction * (apart / length)
            _, ahead = callbacks.gradient(parameters + step, some, Moment())
            _, behind = callbacks.gradient(parameters - step, some, Moment())
            direction = speeds * (ahead - behind) / (2 * apart)
            length = float(np.linalg.norm(direction))
        if not 0 < length < np.inf:
            break
    return length
