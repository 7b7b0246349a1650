"""Takes training steps on the compiled tape."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.arrays import RowIds, Rows, Vector, zeros
from engine.tape.binding import Bound
from engine.tape.cutting import Cut, cut, tile_rows
from engine.tape.library import MOST_MEMORY, OPTIMIZERS, function, library
from engine.tape.recording import Recording, Unrecorded, goals, record
from engine.tape.scratch import scratch
from engine.training.executor import Executor, State, Work
from engine.training.split import Batches

NEAR_BYTES = 2**20
"""A table of so many bytes stays near the processor: its rows need not be asked for before their turn comes."""


def tape_for(work: Work, batch_size: int, threads: int = 1) -> Executor | None:
    """The tape for this work; None where it is not compiled, or does not know one of the primitives."""
    if library() is None or work.features.dtype not in (np.float32, np.float64):
        return None
    try:
        return Tape(work, batch_size, threads)
    except Unrecorded:
        return None


class Tape:
    """The compiled tape of one plan over one table."""

    name = "tape"

    def __init__(self, work: Work, batch_size: int, threads: int) -> None:
        stacked = work.plan.stacked
        if work.acting.optimizer.name not in OPTIMIZERS:
            raise Unrecorded("optimiser")
        slots = [stacked.slots[voice.slot] for voice in work.plan.voices]
        rows, grouped = tile_rows(work, batch_size), work.groups is not None
        recording = record(stacked.program, stacked.team_layout, goals(work.plan), slots, rows, grouped=grouped)
        self._work, self._type = work, work.features.dtype
        self._run, self._answer = function("run", self._type), function("answer", self._type)
        found = cut(work, recording, batch_size)
        self.threads = min(threads, found.partials)
        self._bound = self._prepared(recording, found)
        self._spans = recording.spans
        self._job = self._bound.job

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
        failed = self._run(ctypes.byref(job))
        if failed and self.threads > 1:  # no further thread is to be had; one comes to the same numbers
            self.threads = job.threads = 1
            failed = self._run(ctypes.byref(job))
        if failed:
            raise MemoryError("There is no memory left to train with.")
        return State(parameters, tuple(memory), state.step + batches.steps), losses

    def results(
        self, parameters: Vector, examples: RowIds, slots: Sequence[int], softness: float = 0.0
    ) -> Sequence[Rows]:
        """See engine.training.executor.Executor."""
        given, ids = np.ascontiguousarray(parameters, self._type), np.ascontiguousarray(examples, np.int32)
        spans = [self._spans[self._work.plan.stacked.slots[slot]] for slot in slots]
        wanted = np.array([(span.at, span.width) for span in spans], np.int32)
        out = np.empty((len(ids), wanted[:, 1].sum()), self._type)
        self._job.parameters = given.ctypes.data
        told = softness, wanted.ctypes.data, len(wanted), out.ctypes.data
        self._answer(ctypes.byref(self._job), ids.ctypes.data, len(ids), *told)
        return np.split(out, np.cumsum(wanted[:-1, 1]), axis=1)

    def _prepared(self, recording: Recording, cut: Cut) -> Bound:
        work, acting, size = self._work, self._work.acting, self._work.plan.stacked.layout.size
        places = scratch(recording, self._type.itemsize, cut.kept)
        held = {"weights": acting.weights, "speeds": acting.speeds, "lows": acting.lows, "highs": acting.highs}
        if work.groups is not None:
            held |= {"order": work.groups.order.astype(np.int32), "group_starts": work.groups.starts.astype(np.int32)}
        arrays = {
            "gradients": zeros((cut.partials, size), self._type),
            "scratch": zeros((self.threads, places.size), self._type),
            "task": np.ascontiguousarray(work.features),
            "targets": np.ascontiguousarray(work.told),
            **{name: vector for name, vector in held.items() if vector is not None},
        }
        return Bound(
            recording,
            arrays,
            places=places,
            columns=work.features.shape[1],
            target_columns=work.told.shape[1],
            partials=cut.partials,
            threads=self.threads,
            tile_groups=cut.tile_groups,
            kept=cut.kept,
            far=arrays["task"].nbytes > NEAR_BYTES,
            seed=work.seed,
            size=size,
            optimizer=OPTIMIZERS.index(acting.optimizer.name),
            decay=acting.decay,
            l1=acting.l1,
            l2=acting.l2,
            clip=acting.clip,
        )


def _own(vector: Vector) -> Vector:
    found: Vector = zeros(vector.shape, vector.dtype)
    found[:] = vector
    return found


__all__: Sequence[str] = ("Tape", "tape_for")
