"""One pass forward and back over a few rows, all of it kept: every result, and all feedback, input by input.

Nothing is learnt from it. Feedback is that of a single row: how its loss, in the target's units, changes with the
number that the feedback is about, on the team's own scale.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from engine.arrays import RowIds, Rows, Vector
from engine.callbacks import run
from engine.plan import Plan
from engine.primitive import Moment
from engine.training.executor import Work


@dataclass(frozen=True)
class Span:
    """Where the numbers of some rows stand in a vector: number n of row r at first + n * apart + r."""

    first: int
    rows: int
    width: int
    apart: int

    def places(self) -> NDArray[np.int64]:
        """The same for each number: rows x width."""
        return self.first + np.arange(self.rows)[:, None] + self.apart * np.arange(self.width)

    def of(self, numbers: Vector) -> Rows:
        """The numbers themselves, as a view: rows x width."""
        end = self.first + self.width * self.apart
        return numbers[self.first : end].reshape(self.width, self.apart)[:, : self.rows].T


@dataclass(frozen=True)
class Kept:
    """Where everything stands that a pass keeps.

    results, feedback: by slot. inputs: by step, the feedback that it gives on each of its inputs. voices: by voice,
    the feedback on what it says. estimates: by estimate, the feedback on what it submits.
    """

    results: Sequence[Span]
    feedback: Sequence[Span]
    inputs: Sequence[Sequence[Span]]
    voices: Sequence[Span]
    estimates: Sequence[Span]


class Pass(Protocol):
    """Works on the same few rows again and again. numbers: those of the last time, which the next one overwrites."""

    @property
    def kept(self) -> Kept: ...

    @property
    def numbers(self) -> Vector: ...

    def take(self, parameters: Vector, softness: float) -> None:
        """Works on the rows with these parameters, and tells everyone."""
        ...


@dataclass(frozen=True)
class Sample:
    """The rows that a pass works on: rows x width of the task, examples x estimates on the team's own scale.

    groups: where the rows of each example begin, where examples are groups.
    """

    features: Rows
    targets: Rows
    groups: RowIds | None

    @staticmethod
    def of(work: Work, examples: RowIds) -> Sample:
        """Some examples of a training, copied: its rows may stand in a file."""
        rows, groups = work.rows(examples)
        return Sample(np.array(work.features[rows]), np.array(work.targets[examples]), groups)

    @property
    def examples(self) -> int:
        """How many there are."""
        return len(self.targets)


class Callbacks:
    """The pass by the callbacks of the plan's own program."""

    def __init__(self, plan: Plan, sample: Sample) -> None:
        self._plan, self._sample = plan, sample
        program, room = plan.program, _Room()
        counts = [sample.examples if grouped else len(sample.features) for grouped in program.grouped]

        def spans(slots: Iterable[int]) -> list[Span]:
            return [room.span(counts[slot], program.widths[slot]) for slot in slots]

        every = range(len(program.widths))
        inputs = [spans(step.inputs) for step in program.steps]
        voices = spans(voice.slot for voice in plan.voices)
        estimates = spans(estimate.slot for estimate in plan.estimates)
        self.kept = Kept(spans(every), spans(every), inputs, voices, estimates)
        self.numbers = np.zeros(room.size)

    def take(self, parameters: Vector, softness: float) -> None:
        plan, sample, kept = self._plan, self._sample, self.kept
        views = plan.layout.views(parameters)
        slots, feedback = run(plan.program, sample.features, views, Moment(softness, groups=sample.groups))
        re_slots: dict[int, Rows] = {}
        for voice, span in zip(plan.voices, kept.voices, strict=True):
            re_result = (
                voice.target.feedback(slots[voice.slot], sample.targets[:, voice.place]) * voice.target.loss_unit
            )
            before = re_slots.get(voice.slot)
            re_slots[voice.slot] = re_result if before is None else before + re_result
            self._keep([span], [re_result])
        told = feedback(re_slots)
        self._keep(kept.results, slots)
        self._keep(kept.feedback, told.slots)
        for spans, answers in zip(kept.inputs, told.inputs, strict=True):
            self._keep(spans, answers or [None] * len(spans))
        submit(plan, sample, kept, self.numbers)

    def _keep(self, spans: Sequence[Span], arrays: Sequence[Rows | None]) -> None:
        for span, array in zip(spans, arrays, strict=True):
            span.of(self.numbers)[...] = 0 if array is None else array


def submit(plan: Plan, sample: Sample, kept: Kept, numbers: Vector) -> None:
    """Works out the feedback on what each estimate submits, which is no feedback on what it averages."""
    for place, (estimate, span) in enumerate(zip(plan.estimates, kept.estimates, strict=True)):
        result = kept.results[estimate.slot].of(numbers)
        re_result = estimate.target.feedback(result, sample.targets[:, place]) * estimate.target.loss_unit
        span.of(numbers)[...] = re_result


class _Room:
    """Hands out a vector, span by span."""

    def __init__(self) -> None:
        self.size = 0

    def span(self, rows: int, width: int) -> Span:
        first, self.size = self.size, self.size + rows * width
        return Span(first, rows, width, rows)
