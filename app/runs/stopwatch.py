"""How long a run has trained: over all its processes, and without its rests."""

from __future__ import annotations

from collections.abc import Callable


class Stopwatch:
    """Seconds between `start` and `stop`, and those from before."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._before = 0.0
        self._since: float | None = None

    @property
    def seconds(self) -> float:
        return self._before + (0.0 if self._since is None else self._clock() - self._since)

    def start(self, before: float | None = None) -> None:
        """Go on, from `before` if it is given."""
        self._before = self.seconds if before is None else before
        self._since = self._clock()

    def stop(self) -> None:
        self._before, self._since = self.seconds, None
