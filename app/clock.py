"""The one place that asks what time it is; everything else is given the time as text."""

from datetime import UTC, datetime


def now() -> str:
    """UTC to the microsecond, such as 2026-11-22T09:30:00.000000Z; sorting the text sorts the times."""
    return datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
