"""A mark for tests of the compiled tape: left out, and said so, where no C compiler could make one."""

import shutil

import pytest

compiled = pytest.mark.skipif(
    not any(map(shutil.which, ("cc", "gcc", "clang"))), reason="there is no C compiler here, so there is no tape"
)
