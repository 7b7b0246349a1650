"""Runs a program by its primitives' callbacks: the meaning that every faster way of working is held to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from engine.arrays import Array, Rows
from engine.errors import FeedbackAlreadyGiven
from engine.primitive import Moment
from engine.program import Program


@dataclass(frozen=True)
class Told:
    """All feedback of one pass back.

    slots: feedback on each slot, None where there is none.
    inputs: for each step, the feedback that it gave on each of its inputs; () where it got none itself.
    parameters: feedback on each parameter, None where there is none.
    """

    slots: Sequence[Rows | None]
    inputs: Sequence[Sequence[Rows | None]]
    parameters: Sequence[Array | None]


ProgramFeedback: TypeAlias = Callable[[Mapping[int, Rows]], Told]
"""Feedback on some slots -> on everything before them. Single use."""


def run(
    program: Program, task: Rows, parameters: Sequence[Array], moment: Moment
) -> tuple[list[Rows], ProgramFeedback]:
    """Every slot's rows, and the callback. The callback keeps the parameters that made the result."""
    slots, callbacks = [task], []
    for step in program.steps:
        given = [parameters[index] for index in step.parameters]
        result, callback = step.primitive.forward([slots[slot] for slot in step.inputs], given, moment)
        slots.append(result)
        callbacks.append(callback)
    answered = False

    def feedback(re_slots: Mapping[int, Rows]) -> Told:
        nonlocal answered
        if answered:
            raise FeedbackAlreadyGiven("This callback has answered already; work on the task again to get a new one.")
        answered = True
        owed: list[Rows | None] = [re_slots.get(slot) for slot in range(len(program.widths))]
        re_parameters: list[Array | None] = [None] * len(parameters)
        re_inputs: list[Sequence[Rows | None]] = [()] * len(program.steps)
        for index in reversed(range(len(program.steps))):
            step, re_result = program.steps[index], owed[index + 1]
            if re_result is not None:
                re_inputs[index], re_given = callbacks[index](re_result)
                gather(owed, step.inputs, re_inputs[index])
                gather(re_parameters, step.parameters, re_given)
        return Told(owed, re_inputs, re_parameters)

    return slots, feedback


def gather(owed: list[Array | None], places: Sequence[int], answers: Sequence[Array | None]) -> None:
    """Adds feedback up where a fork or a shared parameter brings several; never in place, the arrays are others'."""
    for place, answer in zip(places, answers, strict=True):
        if answer is not None:
            before = owed[place]
            owed[place] = answer if before is None else before + answer
