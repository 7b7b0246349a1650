"""Tests of the compiled tape: left out, and said so, where no C compiler could make one."""

import shutil
from pathlib import Path

import pytest
from numpy.testing import assert_array_equal

from engine.tape.executor import Tape
from engine.training.train import train

compiled = pytest.mark.skipif(
    not any(map(shutil.which, ("cc", "gcc", "clang"))), reason="there is no C compiler here, so there is no tape"
)


def hasty_compiler(folder: Path) -> str:
    """A compiler for tests that only look at what a build leaves: it takes a seventh of the time."""
    script = folder / "hasty-cc"
    script.write_text('#!/bin/sh\nexec cc "$@" -O0\n')
    script.chmod(0o755)
    return str(script)


def threads_agree(graph, table, settings, counts):
    """Trains with so many threads each time, one of them first; all come to the same bits."""
    found = []
    for threads in counts:
        training = train(graph, table, "y", settings, threads=threads)
        assert isinstance(training._executor, Tape)
        assert (training._executor.threads > 1) == (threads > 1)
        for _ in training:
            pass
        found.append(training.parameters)
    for parameters in found[1:]:
        assert_array_equal(parameters, found[0])
