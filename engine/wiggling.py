"""Proves a worker: compares the feedback that it gives with what wiggling its numbers shows.

    verdict = gradcheck(worker, task)     # any worker, or a node of a graph that `engine.part.part_of` cut out
    verdict.ok, verdict.said              # True, "Proven: ..."

Central differences, one number at a time, of the inputs and of every parameter, at several sizes of the task. Where a
result bends within the step, nothing can be compared, and the number is left out. Of an array with very many numbers
some are tried one by one, and all of them together along a direction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Array, Rows
from engine.errors import FeedbackAlreadyGiven
from engine.part import Part
from engine.workers import Called, Learner, private, undisturbed

SCALES = (0.1, 1.0, 10.0)
STEP, TOLERANCE = 1e-5, 1e-5
BUDGET, MOST_WORK, FEWEST = 1_000, 10_000_000, 8
SMALL = 0.01
"""The share of the largest slope that rounding may be, for anything to be compared."""
ROUNDING = 16 * float(np.finfo(float).eps)


@dataclass(frozen=True)
class Verdict:
    """What came of the proof.

    ok: whether everything held. said: one sentence for people.
    difference: the largest between feedback and wiggling, as a share of the largest feedback of its array.
    where, scale: what that was about, and at which size of the task.
    compared: how many numbers were wiggled.
    """

    ok: bool
    said: str
    difference: float = 0.0
    where: str = ""
    scale: float = 1.0
    compared: int = 0


Value = TypeVar("Value")


class Unproven(Exception):
    """Something that a worker must never do; the message says what, as part of a sentence."""


@dataclass(frozen=True)
class Comparison:
    """One array's feedback against wiggling. told, shown: at the number that differs most."""

    where: str
    scale: float
    compared: int
    difference: float
    told: float
    shown: float
    holds: bool


def gradcheck(
    worker: Called, task: Rows, *, scales: Sequence[float] = SCALES, row_by_row: bool = True, seed: int = 0
) -> Verdict:
    """Whether the worker's feedback is right, for its task (rows x columns) multiplied by each of the scales.

    Also whether it leaves alone what it is given, works on many rows as on each alone, and answers a callback once.
    A part of a graph is tried as it works and as it learns. The worker is left as it was.
    row_by_row: whether rows must have nothing to do with each other; not asked where it makes other rows than it gets.
    """
    compared: list[Comparison] = []
    try:
        for scale in scales:
            _check_habits(worker, private(task) * scale, row_by_row, np.random.default_rng(seed))
        for way in (worker, worker.while_learning()) if isinstance(worker, Part) else (worker,):
            for scale in scales:
                compared += _compare(way, private(task) * scale, scale, np.random.default_rng(seed))
    except Unproven as found:
        return Verdict(False, f"Not proven: {found}.", compared=sum(one.compared for one in compared))
    return _verdict(compared, scales)


def _verdict(compared: Sequence[Comparison], scales: Sequence[float]) -> Verdict:
    worst = max(compared, key=lambda one: (not one.holds, one.difference))
    count = sum(one.compared for one in compared)
    found = (worst.difference, worst.where, worst.scale, count)
    for where in dict.fromkeys(one.where for one in compared):
        if not any(one.compared for one in compared if one.where == where):
            return Verdict(False, f"Not proven: the feedback on {where} could not be compared anywhere.", *found)
    if not worst.holds:
        at = "" if worst.scale == 1 else f" at {worst.scale:g} times the task"
        said = f"the feedback on {worst.where} is {worst.told:.6g}{at}, where wiggling shows {worst.shown:.6g}"
        return Verdict(False, f"Not proven: {said}.", *found)
    sizes = ", ".join(f"{scale:g}" for scale in scales[:-1]) + (" and " if scales[:-1] else "") + f"{scales[-1]:g}"
    apart = f"at most {worst.difference:.0e} apart" if worst.difference else "with no difference"
    said = f"its feedback is what wiggling {count:,} numbers shows, at {sizes} times the task, {apart}"
    return Verdict(True, f"Proven: {said}.", *found)


def _compare(worker: Called, task: Rows, scale: float, generator: np.random.Generator) -> Iterator[Comparison]:
    """The feedback on the task and on every parameter, each against wiggling."""
    with undisturbed(worker) as members:
        result, callback = worker(sealed(task))
        if not np.isfinite(result).all():
            raise Unproven(f"at {scale:g} times the task its result is not finite")
        re_result = generator.normal(size=result.shape)
        re_task = np.array(callback(sealed(re_result)))
        noted = [(number, place, told) for number, one in enumerate(members) for place, told in enumerate(one.noted)]
        limit = _limit([task.size, *(told.size for member in members for told in member.parameters)])
        if re_task.shape != task.shape:
            raise Unproven(f"the feedback on its task has the shape {re_task.shape}; the task has {task.shape}")
        wiggling = Wiggling(result, re_result, limit, generator)
        yield wiggling.compare("its task", scale, lambda at: np.asarray(worker(at)[0]), task, re_task)
        for number, place, told in noted:
            member = members[number]
            at, whose = member.parameters[place], f" of worker {number + 1}" if len(members) > 1 else ""
            run = _with_parameter(worker, task, member, place)
            re_at = np.zeros_like(at) if told is None else told
            yield wiggling.compare(member.names[place] + whose, scale, run, at, re_at)
            member.parameters[place] = at


def _limit(sizes: Sequence[int]) -> int:
    """How many numbers of an array are wiggled, when there are arrays of these sizes: fewer, the more work each is."""
    runs = min(BUDGET, MOST_WORK // max(1, sum(sizes)))
    return max(FEWEST, runs // (2 * len(sizes)))


def _with_parameter(worker: Called, task: Rows, member: Learner, place: int) -> Callable[[Array], Rows]:
    def run(at: Array) -> Rows:
        member.parameters[place] = at
        return np.asarray(worker(task)[0])

    return run


@dataclass(frozen=True)
class Move:
    """A way to wiggle an array. by: step -> the array, moved; told: the feedback on that; size: of what moves."""

    by: Callable[[float], Array]
    told: float
    size: float


@dataclass(frozen=True)
class Slope:
    """How the result changes along a move; bend: by how much that differs to both sides; noise: what is rounding."""

    central: float
    bend: float
    noise: float

    def smooth(self, size: float) -> bool:
        """Whether the slope can be told, beside slopes of this size."""
        return self.bend <= TOLERANCE * size + 4 * self.noise

    def tells(self, told: float, size: float) -> bool:
        """Whether rounding leaves anything to compare, beside slopes of this size."""
        return self.noise <= SMALL * size or self.central == told


@dataclass(frozen=True)
class Wiggling:
    """A result, the feedback on it, and how many numbers of an array are wiggled one by one."""

    result: Rows
    re_result: Rows
    limit: int
    generator: np.random.Generator

    def compare(self, where: str, scale: float, run: Callable[[Array], Rows], at: Array, told: Array) -> Comparison:
        """The feedback on an array against what the results show."""
        largest = float(np.abs(told).max(initial=0.0))
        found = [(move, self._slope(run, move, largest)) for move in self._moves(at, told)]
        size = max([largest, *(abs(slope.central) for move, slope in found)])
        kept = [(move.told, slope) for move, slope in found if slope.smooth(size) and slope.tells(move.told, size)]
        if not kept:
            return Comparison(where, scale, 0, 0.0, 0.0, 0.0, True)
        told_there, worst = max(kept, key=lambda one: abs(one[0] - one[1].central) - one[1].noise)
        apart = abs(told_there - worst.central)
        share = apart / size if size else 0.0
        return Comparison(
            where, scale, len(kept), share, told_there, worst.central, apart <= TOLERANCE * size + worst.noise
        )

    def _moves(self, at: Array, told: Array) -> Iterator[Move]:
        """One number at a time; where there are too many, some of them, and then all at once."""
        some = np.arange(at.size)
        if at.size > self.limit:
            some = np.sort(self.generator.choice(at.size, self.limit, replace=False))
        for number in some:
            yield Move(partial(_moved, at, int(number)), float(told.flat[number]), abs(float(at.flat[number])))
        if at.size > self.limit:
            along = self.generator.normal(size=at.shape)
            yield Move(lambda step: at + step * along, float((told * along).sum()), float(np.abs(at).max()))

    def _slope(self, run: Callable[[Array], Rows], move: Move, largest: float) -> Slope:
        """A smaller step, where that shows that the result only curves and does not break."""
        step = STEP * max(1.0, move.size)
        wide = self._slope_over(run, move, step)
        if wide.smooth(largest):
            return wide
        narrow = self._slope_over(run, move, step / 8)
        return replace(narrow, bend=0.0) if narrow.bend < wide.bend / 4 else wide

    def _slope_over(self, run: Callable[[Array], Rows], move: Move, step: float) -> Slope:
        up, down = run(move.by(step)), run(move.by(-step))
        ahead, behind = ((up - self.result) * self.re_result).sum(), ((self.result - down) * self.re_result).sum()
        noise = ROUNDING * float(np.abs(self.result * self.re_result).sum()) / step
        return Slope(float((ahead + behind) / (2 * step)), float(abs(ahead - behind) / step), noise)


def _moved(at: Array, number: int, step: float) -> Array:
    moved = np.array(at)
    moved.flat[number] += step
    return moved


def _check_habits(worker: Called, task: Rows, row_by_row: bool, generator: np.random.Generator) -> None:
    """Whether it leaves alone what it was given, answers once, and works row by row. Raises Unproven."""
    with undisturbed(worker):
        result, callback = _leaving_alone(lambda: worker(sealed(task)), "changes the task that it is given")
        kept, re_result = np.array(result), sealed(generator.normal(size=result.shape))
        re_task = _leaving_alone(lambda: np.array(callback(re_result)), "changes the feedback that it is given")
        if not np.array_equal(kept, result):
            raise Unproven("its callback changes the result that it has handed on")
        try:
            callback(re_result)
        except FeedbackAlreadyGiven:
            pass
        else:
            raise Unproven("its callback answers a second time, which would count the same feedback twice")
        if row_by_row and len(result) == len(task):
            for row in range(len(task)):
                alone, answer = worker(sealed(task[row : row + 1]))
                if not (_same(alone, kept[row]) and _same(answer(re_result[row : row + 1]), re_task[row])):
                    raise Unproven(f"row {row + 1} alone comes to something else than among the others")


def _leaving_alone(act: Callable[[], Value], otherwise: str) -> Value:
    try:
        return act()
    except ValueError as error:
        if "read-only" in str(error):
            raise Unproven(f"it {otherwise}") from error
        raise


def _same(alone: Rows, among: Rows) -> bool:
    return alone.shape[0] == 1 and np.allclose(alone[0], among, rtol=1e-9, atol=1e-12)


def wiggle(run: Callable[[Array], Rows], at: Array, re_result: Rows, *, step: float = 1e-6) -> NDArray[np.float64]:
    """The feedback on `at` that the results themselves imply: central differences, one number at a time."""
    implied = np.zeros(at.shape)
    for index in np.ndindex(at.shape):
        up, down = at.copy(), at.copy()
        up[index] += step
        down[index] -= step
        implied[index] = ((run(up) - run(down)) * re_result).sum() / (2 * step)
    return implied


def sealed(array: Array) -> Array:
    """A copy that raises when written to: shows who changes what is not theirs."""
    copy = array.copy()
    copy.setflags(write=False)
    return copy
