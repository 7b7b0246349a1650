"""One line that is written over: how far something is. Only on a terminal, and on standard error."""

from __future__ import annotations

import shutil
import sys
import time
from typing import Self, TextIO

PULSE = 0.1  # seconds between two looks


class ProgressLine:
    """Show how far it is; nothing where nobody watches."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._watched = self._stream.isatty()
        self._last = 0.0

    def show(self, text: str) -> None:
        now = time.monotonic()
        if self._watched and now - self._last >= PULSE:
            self._last = now
            width = shutil.get_terminal_size().columns - 1
            print(f"\r{text[:width]:<{width}}", end="", file=self._stream, flush=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._watched and self._last:
            width = shutil.get_terminal_size().columns - 1
            print(f"\r{'':<{width}}\r", end="", file=self._stream, flush=True)
