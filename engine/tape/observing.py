"""Works on a few rows on the compiled tape and keeps all there is to see: results, and feedback input by input."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from engine.arrays import Vector, zeros
from engine.layout import padded
from engine.plan import Plan
from engine.primitives.concatenate import Concatenate
from engine.program import TASK, Program, Step, readers
from engine.readings.passes import Kept, Sample, Span, submit
from engine.tape.binding import Bound
from engine.tape.library import MOST_ROWS, Scratch, function, library
from engine.tape.recorders import OVERWRITING
from engine.tape.recording import Recording, Unrecorded, goals, record
from engine.tape.scratch import scratch
from engine.tape.telling import Span as Numbers


def observer_for(plan: Plan, sample: Sample) -> Observer | None:
    """The tape for these rows; None where it is not compiled, they are too many, or it does not know a primitive."""
    known = sample.features.dtype in (np.float32, np.float64)
    if library() is None or not known or sample.groups is not None or not 0 < sample.examples <= MOST_ROWS:
        return None
    try:
        return Observer(plan, sample)
    except Unrecorded:
        return None


class Observer:
    """A pass (engine/readings/passes.py) on the tape: the plan's own program, with copies where feedback would mix."""

    def __init__(self, plan: Plan, sample: Sample) -> None:
        self._plan, self._sample, self._type = plan, sample, sample.features.dtype
        apart = _Apart(plan)
        rows = padded(sample.examples)
        recording = record(apart.program, plan.layout, goals(plan), apart.voices, rows, aloud=True)
        self._observe = function("observe", self._type)
        self._units = np.array([voice.target.loss_unit for voice in plan.voices])
        self._rows = np.arange(sample.examples, dtype=np.int32)
        self._softness = np.zeros(1)
        places = scratch(recording, self._type.itemsize)
        self.numbers, self.kept = self._laid_out(recording, apart, places)
        arrays = {
            "scratch": self.numbers,
            "task": np.ascontiguousarray(sample.features),
            "targets": np.ascontiguousarray(sample.targets[:, [voice.place for voice in plan.voices]]),
            "softness": self._softness,
        }
        counts = {"columns": sample.features.shape[1], "target_columns": len(plan.voices), "size": plan.layout.size}
        self._bound = Bound(recording, arrays, partials=1, threads=1, kept=1, places=places, **counts)

    def take(self, parameters: Vector, softness: float) -> None:
        given = np.ascontiguousarray(parameters, self._type)
        self._bound.job.parameters, self._softness[0] = given.ctypes.data, softness
        units, rows = self._units.ctypes.data, self._rows.ctypes.data
        self._observe(ctypes.byref(self._bound.job), rows, len(self._rows), units)
        submit(self._plan, self._sample, self.kept, self.numbers)

    def _laid_out(self, recording: Recording, apart: _Apart, places: Scratch) -> tuple[Vector, Kept]:
        """What the tape works in and, behind it, what estimates submit; and where everything stands."""
        rows, plan, back = recording.tile_rows, self._plan, places.feedback
        ends = places.size + rows * np.cumsum([0, *(plan.program.widths[estimate.slot] for estimate in plan.estimates)])

        def span(first: int, numbers: Numbers) -> Span:
            return Span(first + numbers.at * rows, self._sample.examples, numbers.width, rows)

        def told(slots: Sequence[int]) -> list[Span]:
            return [span(back, recording.spans[slot]) for slot in slots]

        kept = Kept(
            [span(0, recording.spans[slot]) for slot in apart.slots],
            told(apart.slots),
            [told(slots) for slots in apart.inputs],
            told(apart.voices),
            [
                Span(int(end), self._sample.examples, plan.program.widths[estimate.slot], rows)
                for estimate, end in zip(plan.estimates, ends, strict=False)
            ],
        )
        return zeros((int(ends[-1]),), self._type), kept


class _Apart:
    """A program in which no two readers read the same slot, so that the feedback of each stands by itself, and stays.

    slots: by slot of the plan's program, its own. inputs: by step, the slots that it alone reads. voices: by voice,
    the slot that is compared with the target.
    """

    def __init__(self, plan: Plan) -> None:
        program = plan.program
        self._heard = [len(found) for found in readers(program)]
        for voice in plan.voices:
            self._heard[voice.slot] += 1
        self._steps: list[Step] = []
        self._widths = [program.widths[TASK]]
        self.slots = [TASK]
        self.inputs: list[list[int]] = []
        for step, width in zip(program.steps, program.widths[1:], strict=True):
            self.inputs.append([self._own(slot) for slot in step.inputs])
            result = self._append(replace(step, inputs=tuple(self.inputs[-1])), width)
            self.slots.append(self._copy(result) if type(step.primitive).__name__ in OVERWRITING else result)
        self.voices = [self._own(voice.slot) for voice in plan.voices]
        self.program = Program(tuple(self._steps), program.parameters, tuple(self._widths))

    def _own(self, slot: int) -> int:
        """A slot with the same numbers that nobody else reads."""
        if self._heard[slot] == 1 and slot != TASK:
            return self.slots[slot]
        return self._copy(self.slots[slot])

    def _copy(self, slot: int) -> int:
        return self._append(Step(Concatenate(), (slot,), (), ""), self._widths[slot])

    def _append(self, step: Step, width: int) -> int:
        self._steps.append(step)
        self._widths.append(width)
        return len(self._steps)
