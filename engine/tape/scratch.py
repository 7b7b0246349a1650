"""Where everything stands in the numbers that one thread works with: the C functions are told, readings look there.

Values and winners of a tile of rows, as often as tiles are kept; feedback on the rows of the tile at work, and its
tasks row by row; then the same of a tile of groups, where there are any.
"""

from __future__ import annotations

import numpy as np

from engine.arrays import LINE
from engine.tape.library import Scratch
from engine.tape.recording import Recorded, Recording

NOTHING = Recorded((), (), np.zeros((0, 2), np.int32), numbers=0, winners=0, by_row=0, multiplications=0)


def scratch(recording: Recording, itemsize: int, kept: int = 1) -> Scratch:
    """Places in numbers of `itemsize` bytes. kept: tiles of rows whose values wait for feedback."""
    rows, groups, count = recording.rows, recording.groups or NOTHING, recording.tile_rows
    found = Scratch(tile=tile_numbers(recording), winners=rows.numbers * count)
    found.feedback = found.tile * kept
    found.by_row = found.feedback + rows.numbers * count
    found.groups = found.by_row + rows.by_row
    found.groups_winners = found.groups + groups.numbers * count
    found.groups_feedback = found.groups_winners + groups.winners * count
    found.groups_by_row = found.groups_feedback + groups.numbers * count
    found.size = _in_lines(found.groups_by_row + groups.by_row, itemsize)
    return found


def tile_numbers(recording: Recording) -> int:
    """Values and winners of one tile of rows."""
    return (recording.rows.numbers + recording.rows.winners) * recording.tile_rows


def _in_lines(numbers: int, itemsize: int) -> int:
    """As many as fill whole lines of memory, and one more: the next thread's begin with a line, and do not adjoin."""
    line = LINE // itemsize
    return (-(-numbers // line) + 1) * line
