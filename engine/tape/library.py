"""Finds the compiled tape and describes its structures; tape.h holds the same."""

from __future__ import annotations

import ctypes
import os
from ctypes import POINTER, Structure, c_double, c_int, c_int32, c_int64, c_long, c_uint32, c_uint64, c_void_p
from functools import cache
from typing import Any

import numpy as np

from engine.tape.sources import fingerprint

FOLDER = os.path.dirname(os.path.abspath(__file__))
CODES = (
    *("team", "blend", "extreme", "copy", "clip", "curve", "spline", "mask"),
    *("multiply", "softmax", "normalise", "choose", "median", "weigh", "agree"),
)
CURVES = ("tanh", "sigmoid", "softplus", "swish", "gelu")
REDUCTIONS = ("none", "highest", "lowest", "sum")
MERGES = ("mean", "sum", "maximum", "first", "last")
DEAF, SET, ADD = range(3)
LOSSES = ("squared", "absolute", "huber", "quantile", "logistic", "cross_entropy", "poisson")
OPTIMIZERS = ("sgd", "momentum", "adam", "adamw")
MOST_ROWS = 64
MOST_MEMORY = 3
MISSING = (
    "There is no compiled tape here, so training takes the callbacks, which are slower. "
    "To train at full speed, install a C compiler (gcc or clang), then run: python -m engine.tape.build"
)


class Input(Structure):
    """One input of an operation."""

    _fields_ = (("at", c_int32), ("width", c_int32), ("telling", c_int32), ("padding", c_int32), ("factor", c_double))


class Operation(Structure):
    """One operation of a tape."""

    _fields_ = (
        *((name, c_int32) for name in ("code", "first_input", "inputs", "at", "width")),
        *((name, c_int32) for name in ("pieces", "units", "reduce", "softens", "kind")),
        *((name, c_int32) for name in ("aux", "padding", "winners", "rows_at")),
        *((name, c_int64) for name in ("weights", "bias")),
        *((name, c_int32) for name in ("stride", "knots")),
        *((name, c_double) for name in ("low", "high")),
        ("salt", c_uint64),
    )


class Goal(Structure):
    """One estimate's loss."""

    _fields_ = (
        *((name, c_int32) for name in ("loss", "at", "width", "column", "telling", "padding")),
        ("extra", c_double),
    )


class Merge(Structure):
    """What makes one row of each group."""

    _fields_ = tuple((name, c_int32) for name in ("how", "source", "at", "width", "winners", "telling"))


class Level(Structure):
    """What works on rows, or on groups of them."""

    _fields_ = (
        *((name, c_void_p) for name in ("ops", "inputs", "zeroed")),
        *((name, c_int32) for name in ("ops_count", "zeroed_count", "numbers", "by_row", "winners", "padding")),
    )


class Scratch(Structure):
    """Where everything stands in what one thread works with, and how many numbers that are (scratch.py)."""

    _fields_ = (
        *((name, c_int64) for name in ("tile", "winners", "feedback", "by_row")),
        *((name, c_int64) for name in ("groups", "groups_winners", "groups_feedback", "groups_by_row")),
        ("size", c_int64),
    )


class Job(Structure):
    """All that a run of steps works on."""

    _fields_ = (
        *((name, Level) for name in ("on_rows", "on_groups")),
        *((name, c_void_p) for name in ("goals", "merges", "order", "group_starts")),
        *((name, c_int32) for name in ("goals_count", "merges_count", "columns", "target_columns", "tile_rows")),
        *((name, c_int32) for name in ("partials", "threads", "tile_groups", "kept", "far")),
        *((name, c_void_p) for name in ("task", "targets", "rows", "starts", "rates", "softness")),
        *((name, c_uint64) for name in ("seed", "step")),
        *((name, c_void_p) for name in ("parameters", "gradients")),
        ("memory", c_void_p * MOST_MEMORY),
        *((name, c_void_p) for name in ("average", "follow", "weights", "speeds", "lows", "highs")),
        ("size", c_int64),
        *((name, c_int32) for name in ("optimizer", "padding")),
        ("steps", c_int64),
        ("coefficient", c_void_p),
        *((name, c_double) for name in ("decay", "l1", "l2", "clip")),
        ("scratch", c_void_p),
        ("places", Scratch),
        ("losses", c_void_p),
    )


SHAPES = (Job, Operation, Input, Goal, Merge)


@cache
def library() -> Any | None:
    """The compiled tape that this processor can run best; None when there is none that fits this code."""
    for name in _runnable():
        path = os.path.join(FOLDER, f"tape-{name}.so")
        if os.path.exists(path) and (found := _fitting(path)):
            return found
    return None


def _fitting(path: str) -> Any | None:
    """The library with its functions described; None where it cannot be opened or was compiled from other sources."""
    try:
        found: Any = ctypes.CDLL(path)
        fits, shuffle, sum_up, round_off = found.fits, found.shuffle, found.sum_up, found.round_off
        runs = found.run_float32, found.run_float64
        answers = found.answer_float32, found.answer_float64
        observes = found.observe_float32, found.observe_float64
        picks = found.pick_out_float32, found.pick_out_float64
    except (OSError, AttributeError):
        return None
    fits.argtypes, fits.restype = (c_uint32, *(c_long,) * len(SHAPES)), c_int
    if not fits(fingerprint(), *(ctypes.sizeof(shape) for shape in SHAPES)):
        return None
    shuffle.argtypes, shuffle.restype = (c_void_p, c_void_p, c_int64, c_int, c_void_p, c_int64), None
    sum_up.argtypes, sum_up.restype = (c_void_p, c_void_p, c_int64, c_void_p, c_void_p), None
    round_off.argtypes, round_off.restype = (c_void_p, c_int64, c_void_p), c_int
    for run in runs:
        run.argtypes, run.restype = (POINTER(Job),), c_int
    for answer in answers:
        answer.argtypes, answer.restype = (POINTER(Job), c_void_p, c_long, c_double, c_void_p, c_int, c_void_p), None
    for observe in observes:
        observe.argtypes, observe.restype = (POINTER(Job), c_void_p, c_int, c_void_p), None
    for pick_out in picks:
        pick_out.argtypes, pick_out.restype = (c_void_p, c_void_p, c_void_p, c_int64, c_void_p), None
    return found


def function(name: str, dtype: Any) -> Any:
    """One that takes steps ("run"), answers, observes or picks out, for numbers of this precision.

    There must be a library.
    """
    return getattr(library(), f"{name}_{np.dtype(dtype)}")


def _runnable() -> list[str]:
    """The variants that this processor can run, the fastest first."""
    features: dict[str, bool] = getattr(np._core._multiarray_umath, "__cpu_features__", {})  # type: ignore[attr-defined]
    names = []
    if features.get("AVX512_SKX"):
        names.append("avx512")
    if features.get("AVX2") and features.get("FMA3"):
        names.append("avx2")
    return [*names, "plain"]
