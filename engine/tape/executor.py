"""Takes training steps on the compiled tape."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.arrays import RowIds, Rows, Vector
from engine.tape.library import (
    LOSSES,
    MOST_MEMORY,
    MOST_ROWS,
    OPTIMIZERS,
    Goal,
    Input,
    Job,
    Operation,
    functions,
    library,
)
from engine.tape.recording import Recording, Unrecorded, record
from engine.training.executor import Executor, State, Work
from engine.training.split import Batches

LANES = 8
FEWEST_MULTIPLICATIONS = 20_000_000
"""Of one step; below this, about half a millisecond, sharing a step among threads costs more than it brings."""
LARGEST_SHARE = 0.04
"""What the adding up of lanes may cost of a step."""


def tape_for(work: Work, batch_size: int, threads: int = 1) -> Executor | None:
    """The tape for this work; None where it is not compiled, or does not know one of the primitives."""
    if library() is None or work.groups is not None or work.features.dtype not in (np.float32, np.float64):
        return None
    try:
        return Tape(work, batch_size, threads)
    except Unrecorded:
        return None


class Tape:
    """The compiled tape of one plan over one table."""

    name = "tape"

    def __init__(self, work: Work, batch_size: int, threads: int) -> None:
        tile_rows = min(MOST_ROWS, -(-batch_size // LANES) * LANES)
        stacked, targets = work.plan.stacked, [voice.target for voice in work.plan.voices]
        if any(target.loss not in LOSSES for target in targets) or work.acting.optimizer.name not in OPTIMIZERS:
            raise Unrecorded("loss or optimiser")
        goals = [
            Goal(loss=LOSSES.index(target.loss), column=place, extra=target.extra)
            for place, target in enumerate(targets)
        ]
        slots = [stacked.slots[voice.slot] for voice in work.plan.voices]
        recording = record(stacked.program, stacked.team_layout, goals, slots, tile_rows)
        self._work, self._recording = work, recording
        self._type = work.features.dtype
        self._run, self._answer = functions(self._type)
        lanes = _lanes(recording, batch_size, stacked.layout.size)
        self.threads = min(threads, lanes)
        self._kept = self._buffers(recording, lanes, stacked.layout.size)
        self._job = self._prepared(recording, lanes, stacked.layout.size)

    def advance(
        self, state: State, batches: Batches, rates: NDArray[np.float64], softness: NDArray[np.float64]
    ) -> tuple[State, NDArray[np.float64]]:
        """See engine.training.executor.Executor."""
        parameters, memory = _own(state.parameters), [_own(vector) for vector in state.memory]
        losses = np.empty((batches.steps, len(self._work.plan.voices)))
        acting = self._work.acting
        steps = np.arange(state.step + 1, state.step + batches.steps + 1)
        coefficients = acting.optimizer.coefficients(rates, steps)
        given = {
            "parameters": parameters,
            "losses": losses,
            "rows": np.ascontiguousarray(batches.rows, np.int32),
            "starts": np.ascontiguousarray(batches.starts, np.int32),
            "softness": np.ascontiguousarray(softness, np.float64),
            "rates": np.ascontiguousarray(rates, np.float64),
            "follow": np.array([acting.follow(int(step)) for step in steps]) if acting.averaging else np.empty(0),
            "coefficient": np.ascontiguousarray(coefficients, np.float64),
        }
        job = self._job
        for name, array in given.items():
            setattr(job, name, array.ctypes.data)
        job.memory = (ctypes.c_void_p * MOST_MEMORY)(*(vector.ctypes.data for vector in memory))
        job.average = memory[-1].ctypes.data if acting.averaging else None
        job.step, job.steps = state.step, batches.steps
        if self._run(ctypes.byref(job)):
            raise MemoryError("There is no memory left to train with.")
        return State(parameters, tuple(memory), state.step + batches.steps), losses

    def answers(self, parameters: Vector, rows: RowIds) -> Sequence[Rows]:
        """See engine.training.executor.Executor."""
        given, ids = np.ascontiguousarray(parameters), np.ascontiguousarray(rows, np.int32)
        ends = np.cumsum([voice.target.width for voice in self._work.plan.voices])
        out = np.empty((len(ids), ends[-1]), self._type)
        self._job.parameters = given.ctypes.data
        self._answer(ctypes.byref(self._job), ids.ctypes.data, len(ids), out.ctypes.data)
        return np.split(out, ends[:-1], axis=1)

    def _buffers(self, recording: Recording, lanes: int, size: int) -> dict[str, Any]:
        """What the job points to and Python must keep alive."""
        acting = self._work.acting
        held = {"weights": acting.weights, "speeds": acting.speeds, "lows": acting.lows, "highs": acting.highs}
        rows, bytes_ = recording.tile_rows, self._type.itemsize
        lane_numbers = recording.winners * rows
        scratch = 2 * recording.numbers * rows + recording.by_row + lane_numbers + 64 // bytes_
        return {
            "ops": (Operation * len(recording.operations))(*recording.operations),
            "inputs": (Input * len(recording.inputs))(*recording.inputs),
            "goals": (Goal * len(recording.goals))(*recording.goals),
            "zeroed": np.ascontiguousarray(recording.zeroed),
            "gradients": np.zeros((lanes, size), self._type),
            "scratch": np.zeros((self.threads, scratch), self._type),
            "task": np.ascontiguousarray(self._work.features),
            "targets": np.ascontiguousarray(self._work.told),
            **{name: vector for name, vector in held.items() if vector is not None},
        }

    def _prepared(self, recording: Recording, lanes: int, size: int) -> Job:
        acting = self._work.acting
        job = Job(
            ops_count=len(recording.operations),
            goals_count=len(recording.goals),
            zeroed_count=len(recording.zeroed),
            numbers=recording.numbers,
            by_row=recording.by_row,
            columns=self._work.features.shape[1],
            target_columns=self._work.told.shape[1],
            tile_rows=recording.tile_rows,
            lanes=lanes,
            threads=self.threads,
            seed=self._work.seed,
            size=size,
            optimizer=OPTIMIZERS.index(acting.optimizer.name),
            decay=acting.decay,
            l1=acting.l1,
            l2=acting.l2,
            clip=acting.clip,
            scratch_size=self._kept["scratch"].shape[1],
        )
        for name, kept in self._kept.items():
            address = kept.ctypes.data if isinstance(kept, np.ndarray) else ctypes.addressof(kept)
            setattr(job, name, address)
        return job


def _lanes(recording: Recording, batch_size: int, size: int) -> int:
    """Into how many sums a step's gradient is split: enough for threads to share it, few enough to add up cheaply."""
    multiplications = recording.multiplications * batch_size
    if multiplications < FEWEST_MULTIPLICATIONS:
        return 1
    per_lane = 6 * size
    tiles = -(-batch_size // recording.tile_rows)
    return max(1, min(LANES, tiles, 1 + int(LARGEST_SHARE * multiplications / 8 / per_lane)))


def _own(vector: NDArray[Any]) -> NDArray[Any]:
    return np.array(vector, copy=True, order="C")


__all__: Sequence[str] = ("Tape", "tape_for")
