"""Tests of the compiled tape: left out, and said so, where no C compiler could make one."""

import shutil
from pathlib import Path

import pytest

compiled = pytest.mark.skipif(
    not any(map(shutil.which, ("cc", "gcc", "clang"))), reason="there is no C compiler here, so there is no tape"
)


def hasty_compiler(folder: Path) -> str:
    """A compiler for tests that only look at what a build leaves: it takes a seventh of the time."""
    script = folder / "hasty-cc"
    script.write_text('#!/bin/sh\nexec cc "$@" -O0\n')
    script.chmod(0o755)
    return str(script)
