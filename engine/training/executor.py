"""Takes training steps. One meaning, several ways: by callbacks always, by the compiled tape where there is one."""

from __future__ import annotations

from collections.abc import Sequence
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

BLOCK = 8_192


@dataclass(frozen=True)
class Work:
    """What an executor works on.

    features: rows x width of the task, prepared; targets: examples x estimates, on the team's own scale.
    told: the same by voice: examples x voices; NaN where a voice is kept from the example.
    groups: the rows of each example, where examples are groups of rows.
    """

    plan: Plan
    features: Rows
    targets: Rows
    told: Rows
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
        """The state after these batches, each with its learning rate and softness; the losses: steps x voices.

        An example that a voice is kept from counts as one without a loss.
        """
        ...

    def results(
        self, parameters: Vector, examples: RowIds, slots: Sequence[int], softness: float = 0.0
    ) -> Sequence[Rows]:
        """What stands at some slots of the plan's program, those of voices or estimates: each examples x width."""
        ...


class Callbacks:
    """The callbacks of the stacked primitives, one step after the other."""

    name = "callbacks"

    def __init__(self, work: Work) -> None:
        self._work = work

    def advance(
        self, state: State, batches: Batches, rates: NDArray[np.float64], softness: NDArray[np.float64]
    ) -> tuple[State, NDArray[np.float64]]:
        losses = np.empty((batches.steps, len(self._work.plan.voices)))
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            for index in range(batches.steps):
                examples = batches.rows[batches.starts[index] : batches.starts[index + 1]]
                moment = Moment(float(softness[index]), True, self._work.seed, state.step)
                losses[index], gradient = self.gradient(state.parameters, examples, moment)
                state = self._moved(state, gradient, float(rates[index]))
        return state, losses

    def results(
        self, parameters: Vector, examples: RowIds, slots: Sequence[int], softness: float = 0.0
    ) -> Sequence[Rows]:
        work, stacked = self._work, self._work.plan.stacked
        views = stacked.team_layout.views(parameters)
        found: list[list[Rows]] = [[] for _ in slots]
        block = BLOCK if work.groups is None else max(1, BLOCK * len(work.targets) // len(work.features))
        with np.errstate(over="ignore", invalid="ignore"):
            for low in range(0, len(examples), block):
                rows, groups = work.rows(examples[low : low + block])
                results, _ = run(stacked.program, work.features[rows], views, Moment(softness, groups=groups))
                for blocks, slot in zip(found, slots, strict=True):
                    blocks.append(results[stacked.slots[slot]])
        return [np.concatenate(blocks) for blocks in found]

    def gradient(self, parameters: Vector, examples: RowIds, moment: Moment) -> tuple[NDArray[np.float64], Vector]:
        """The mean loss of each voice over some examples, and the gradient of their sum by the parameters."""
        plan, stacked = self._work.plan, self._work.plan.stacked
        rows, groups = self._work.rows(examples)
        moment = replace(moment, rows=rows, groups=groups)
        slots, feedback = run(stacked.program, self._work.features[rows], stacked.team_layout.views(parameters), moment)
        losses: list[Any] = []
        re_slots: dict[int, Rows] = {}
        for place, voice in enumerate(plan.voices):
            slot, told = stacked.slots[voice.slot], self._work.told[examples, place]
            heard = np.isfinite(told)
            target = np.where(heard, told, told.dtype.type(0))
            losses.append(np.where(heard, voice.target.rows(slots[slot], target), 0).mean())
            re_result = np.where(heard[:, None], voice.target.feedback(slots[slot], target), 0) / len(target)
            before = re_slots.get(slot)
            re_slots[slot] = re_result if before is None else before + re_result
        gradient = np.zeros_like(parameters)
        for view, re_parameter in zip(stacked.team_layout.views(gradient), feedback(re_slots).parameters, strict=True):
            if re_parameter is not None:
                view[...] = re_parameter
        return np.array(losses), gradient

    def _moved(self, state: State, gradient: Vector, rate: float) -> State:
        step = state.step + 1
        parameters, memory = self._work.acting.step(state.parameters, gradient, state.memory, rate, step)
        return State(parameters, memory, step)
