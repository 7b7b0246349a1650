"""How far each upload is, for whoever knows its token; the newest thousand are remembered."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

RECEIVED, READ = 0.3, 0.98  # shares of the way that lie behind once this is done
MOST = 1_000


@dataclass
class Progress:
    """One upload. `stage` is receiving, waiting, reading, saving, done or failed."""

    share: float = 0.0
    stage: str = "receiving"

    def receive(self, size: int, announced: int) -> None:
        """So many bytes of as many as the sender announced, 0 where it did not."""
        self._go("receiving", RECEIVED * min(1.0, size / announced) if announced else 0.0)

    def wait(self) -> None:
        self._go("waiting", RECEIVED)

    def read(self, share: float) -> None:
        self._go("reading", RECEIVED + (READ - RECEIVED) * share)

    def save(self) -> None:
        self._go("saving", READ)

    def _go(self, stage: str, share: float) -> None:
        self.stage, self.share = stage, max(self.share, share)


class Board:
    """The progress of every upload that gave a token."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, Progress] = OrderedDict()

    def of(self, token: str) -> Progress | None:
        return self._known.get(token)

    @contextmanager
    def watch(self, token: str | None) -> Iterator[Progress]:
        """A new progress, done when the `with` is left, failed where it raises."""
        progress = Progress()
        if token is not None:
            self._known[token] = progress
            while len(self._known) > MOST:
                self._known.popitem(last=False)
        try:
            yield progress
        except BaseException:
            progress.stage = "failed"
            raise
        progress.stage, progress.share = "done", 1.0
