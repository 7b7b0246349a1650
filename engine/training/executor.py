"""Takes training steps. One meaning, several ways: by callbacks always, by the compiled tape where there is one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from engine.arrays import RowIds, Rows, Vector
from engine.callbacks import run
from engine.examples import Groups
from engine.optimizer import Memory
from engine.plan import Plan
from engine.primitive import Moment
from engine.training.acting import Acting
from engine.training.split import Batches


@dataclass(frozen=True)
class Work:
    """What an executor works on.

    features: rows x width of the task, prepared; targets: examples x estimates, on the team's own scale.
    groups: the rows of each example, where examples are groups of rows.
    """

    plan: Plan
    features: Rows
    targets: Rows
    acting: Acting
    seed: int
    groups: Groups | None = None

    def rows(self, examples: RowIds) -> tuple[RowIds, RowIds | None]:
        """The rows of some examples, and where each example's begin, if they are groups."""
        return (examples, None) if self.groups is None else self.groups.take(examples)


@dataclass(frozen=True)
class State:
    """What decides all that follows: the parameters, what the optimiser remembers, and how many steps were taken."""

    parameters: Vector
    memory: Memory
    step: int


class Executor(Protocol):
    """Takes steps from a state; the same steps from the same state come to the same bits."""

    name: str

    def advance(
        self, state: State, batches: Batches, rates: NDArray[np.float64], softness: NDArray[np.float64]
    ) -> tuple[State, NDArray[np.float64]]:
        """The state after these batches, each with its learning rate and softness; the losses: steps x estimates."""
        ...


class Callbacks:
    """The callbacks of the stacked primitives, one step after the other."""

    name = "callbacks"

    def __init__(self, work: Work) -> None:
        self._work = work

    def advance(
        self, state: State, batches: Batches, rates: NDArray[np.float64], softness: NDArray[np.float64]
    ) -> tuple[State, NDArray[np.float64]]:
        losses = np.empty((batches.steps, len(self._work.plan.estimates)))
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            for index in range(batches.steps):
                examples = batches.rows[batches.starts[index] : batches.starts[index + 1]]
                moment = Moment(float(softness[index]), True, self._work.seed, state.step)
                losses[index], gradient = self.gradient(state.parameters, examples, moment)
                state = self._moved(state, gradient, float(rates[index]))
        return state, losses

    def gradient(self, parameters: Vector, examples: RowIds, moment: Moment) -> tuple[NDArray[np.float64], Vector]:
        """The mean loss of each estimate over some examples, and the gradient of their sum by the parameters."""
        plan, stacked = self._work.plan, self._work.plan.stacked
        rows, groups = self._work.rows(examples)
        moment = replace(moment, rows=rows, groups=groups)
        slots, feedback = run(stacked.program, self._work.features[rows], stacked.team_layout.views(parameters), moment)
        losses: list[Any] = []
        re_slots: dict[int, Rows] = {}
        for place, estimate in enumerate(plan.estimates):
            slot, target = stacked.slots[estimate.slot], self._work.targets[examples, place]
            losses.append(estimate.target.rows(slots[slot], target).mean())
            re_result = estimate.target.feedback(slots[slot], target) / len(target)
            before = re_slots.get(slot)
            re_slots[slot] = re_result if before is None else before + re_result
        gradient = np.zeros_like(parameters)
        for view, told in zip(stacked.team_layout.views(gradient), feedback(re_slots).parameters, strict=True):
            if told is not None:
                view[...] = told
        return np.array(losses), gradient

    def _moved(self, state: State, gradient: Vector, rate: float) -> State:
        step = state.step + 1
        parameters, memory = self._work.acting.step(state.parameters, gradient, state.memory, rate, step)
        return State(parameters, memory, step)
