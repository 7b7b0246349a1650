"""How many steps the next slice takes, when it is due, and which readings are worth sending.

Knows no clock: every method is told what time it is, in seconds.
"""

from __future__ import annotations

SLICE = 0.05  # seconds from one reading to the next, and the longest that a command waits while steps are short
LONGEST = 0.25  # seconds of the same where a reading itself takes long
READING_SHARE = 0.02  # of the time
YOUNG = 0.25  # seconds from its start in which a run is read oftener, so that a short one has a curve too
POINTS = 100  # of the curve of a run that is over while it is young
LEAST_SHARE = 0.05  # of a slice is taken for steps, however long readings seem to take
SETTLING = 0.25  # how far the newest reading moves what one is said to take, and it counts for two at most
GROWTH = 8  # from one slice to the next, until it is known how long a step takes
LONG_RUN = 2_400.0  # seconds of training for each second between readings, so that a long run's log stays readable
SLOWEST = 1.0  # seconds between readings, however long the run
BYTES_PER_SECOND = 2_000_000.0  # of readings in the first minute; later less, however large the team
EARLY = 0.01  # seconds by which a reading may come too soon


class Pacing:
    """Slices of about 50 ms at full speed; fewer steps with rests between, where a person wants to watch.

    While a run is young, a slice is at most a hundredth of it.
    """

    def __init__(self, total: int = 0) -> None:
        self.total = total  # steps of the whole run; 0: nobody knows
        self.reading = 0.0  # seconds that a reading takes by itself
        self._start: float | None = None
        self._rate: float | None = None
        self._from = self._began = (0.0, 0)  # time and step that the rate counts from; at which the slice began
        self._stepped = 0.0  # when the steps of the slice were taken, and its reading began
        self._most = 1
        self._cut_short = False

    def keep(self, rate: float | None, now: float, step: int) -> None:
        """From here on, take `rate` steps a second; None: as many as there can be."""
        self._rate, self._from, self._began, self._cut_short = rate, (now, step), (now, step), False

    def steps(self, now: float, step: int) -> int:
        """How many steps to take now."""
        wanted = self._most if self._rate is None else max(1, int(self._due(now)) - step)
        most = self._most_while_young(now)
        self._began, self._cut_short = (now, step), wanted > most
        return min(wanted, most)

    def stepped(self, now: float) -> None:
        """The steps of a slice are taken; its reading begins."""
        self._stepped = now

    def took(self, now: float, step: int) -> None:
        """A slice and its reading are done: learn from how long they took."""
        began, before = self._began
        spent, steps = now - began, max(1, step - before)
        reading = max(0.0, now - self._stepped)
        usual = min(reading, 2 * self.reading) if self.reading else reading
        self.reading += (usual - self.reading) * SETTLING
        cost = max(spent - reading, LEAST_SHARE * spent, 1e-9) / steps
        wanted = max(SLICE, self.reading / READING_SHARE) - self.reading
        wanted = min(wanted, LONGEST) / cost
        self._most = max(1, int(min(wanted, self._most * GROWTH)))

    def rest(self, now: float, step: int) -> float:
        """Seconds to wait before the next slice."""
        if self._rate is None or self._cut_short:
            return 0.0
        time, before = self._from
        next_step = time + (step + 1 - before) / self._rate
        return max(0.0, next_step - now, self._began[0] + SLICE - now)

    def _most_while_young(self, now: float) -> int:
        if self._start is None:
            self._start = now
        if now - self._start >= YOUNG or not self.total:
            return self._most
        return min(self._most, max(1, self.total // POINTS))

    def _due(self, now: float) -> float:
        """The step that should be reached by now."""
        assert self._rate is not None
        time, before = self._from
        return before + (now - time) * self._rate


class Thinning:
    """At most 20 readings a second; fewer where they are large or the run is long, more while it is young."""

    def __init__(self) -> None:
        self._due = float("-inf")

    def lets(self, now: float, size: int, trained: float) -> bool:
        """Whether a reading of `size` bytes may be sent, after so many seconds of training."""
        if now < self._due - (EARLY if trained >= YOUNG else 0.0):
            return False
        usual = min(max(SLICE, trained / LONG_RUN), SLOWEST) if trained >= YOUNG else 0.0
        bulky = size / BYTES_PER_SECOND * min(max(1.0, trained / 60), 100.0)
        self._due = max(self._due, now) + max(usual, bulky)
        return True
