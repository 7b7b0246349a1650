"""Acting on feedback: the optimiser with all that surrounds it, as one step from parameters to parameters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.arrays import Vector
from engine.layout import Layout
from engine.optimizer import Memory, Optimizer
from engine.program import Program


@dataclass(frozen=True)
class Acting:
    """How a gradient becomes a step.

    l1, l2: what a weight's size costs, as part of the loss. decay: by which share of the rate weights shrink at every
    step. clip: the longest gradient (0: any). averaging: how slowly the average of all steps follows (0: none is kept).
    speeds, lows, highs: for each parameter what its rate is multiplied by and its bounds; None: all alike, no bounds.
    weights: 1 for what l1, l2 and decay concern, 0 for biases and the like.
    """

    optimizer: Optimizer
    weights: Vector
    l1: float = 0.0
    l2: float = 0.0
    decay: float = 0.0
    clip: float = 0.0
    averaging: float = 0.0
    speeds: Vector | None = None
    lows: Vector | None = None
    highs: Vector | None = None

    def fresh_memory(self, parameters: Vector) -> Memory:
        """What is remembered before the first step; last the average, where one is kept."""
        memory = tuple(np.zeros_like(parameters) for _ in range(self.optimizer.memory))
        return (*memory, parameters.copy()) if self.averaging else memory

    def step(
        self, parameters: Vector, gradient: Vector, memory: Memory, rate: float, step: int
    ) -> tuple[Vector, Memory]:
        """New parameters and memory; `step` counts from 1. Changes nothing that it was given."""
        count = self.optimizer.memory
        moved, kept = self.optimizer.update(parameters, self._told(parameters, gradient), memory[:count], rate, step)
        if self.decay:
            moved = moved - rate * self.decay * self.weights * parameters
        if self.speeds is not None:
            moved = parameters + self.speeds * (moved - parameters)
        if self.lows is not None and self.highs is not None:
            moved = np.clip(moved, self.lows, self.highs)
        moved = moved.astype(parameters.dtype, copy=False)
        if self.averaging:
            average = memory[count]
            kept = (*kept, average + (1 - self.follow(step)) * (moved - average))
        return moved, kept

    def follow(self, step: int) -> float:
        """How much of the average stays at a step: little at first, so that it forgets the start."""
        return min(self.averaging, step / (step + 10))

    def result(self, parameters: Vector, memory: Memory) -> Vector:
        """The parameters to keep in the end: the average, where one is kept."""
        return memory[self.optimizer.memory] if self.averaging else parameters

    def _told(self, parameters: Vector, gradient: Vector) -> Vector:
        if self.l2:
            gradient = gradient + self.l2 * self.weights * parameters
        if self.l1:
            gradient = gradient + self.l1 * self.weights * np.sign(parameters)
        if self.clip:
            length = float(np.linalg.norm(gradient.astype(np.float64)))
            if length > self.clip:
                gradient = gradient * (self.clip / length)
        return gradient


def vectors(program: Program, layout: Layout) -> tuple[Vector, Vector | None, Vector | None, Vector | None]:
    """weights, speeds, lows and highs of a program's parameters, each None where it says nothing."""
    weights, speeds = np.zeros(layout.size), np.ones(layout.size)
    lows, highs = np.full(layout.size, -np.inf), np.full(layout.size, np.inf)
    for parameter, place in zip(program.parameters, layout.places, strict=True):
        place.view(weights)[...] = len(parameter.shape) > 1
        place.view(speeds)[...] = parameter.speed
        place.view(lows)[...] = parameter.low
        place.view(highs)[...] = parameter.high
    bounded = bool(np.isfinite(lows).any() or np.isfinite(highs).any())
    return weights, speeds if (speeds != 1).any() else None, lows if bounded else None, highs if bounded else None
