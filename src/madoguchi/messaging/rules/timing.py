"""When something may be sent: quiet hours, waiting before a further attempt."""

from __future__ import annotations

from datetime import datetime, time, timedelta

MOST_ATTEMPTS = 12
LONGEST_WAIT = timedelta(hours=1)


def end_of_quiet(local: datetime, begins: time | None, ends: time | None) -> datetime | None:
    """
    Return when the quiet hours end in which a moment lies, None where it lies in none.

    ``local`` is aware, in the person's time. Hours from 21:00 until 7:00 reach over midnight; equal times mean no quiet hours.
    """
    if begins is None or ends is None or begins == ends:
        return None
    at = local.time()
    if begins < ends:
        return _on(local, ends) if begins <= at < ends else None
    if at >= begins:
        return _on(local + timedelta(days=1), ends)
    return _on(local, ends) if at < ends else None


def _on(day: datetime, at: time) -> datetime:
    return day.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)


def wait_before(attempt: int) -> timedelta:
    """Return how long to wait after the attempt of this number (1, 2, …) has failed: one minute, doubled up to an hour."""
    minutes = 2 ** min(max(attempt, 1) - 1, 10)
    return min(timedelta(minutes=minutes), LONGEST_WAIT)
