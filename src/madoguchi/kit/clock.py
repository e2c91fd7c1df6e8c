"""The one source of time: aware datetimes, the civil date of Japan, and a way to hold the clock still.

Everything that asks "what time is it" asks here, so that tests and demonstrations can set the time for
one context (thread or task) without touching the others.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

TOKYO = ZoneInfo("Asia/Tokyo")

_held: ContextVar[datetime | None] = ContextVar("madoguchi_clock", default=None)


def now() -> datetime:
    """Return the present moment as an aware datetime in UTC."""
    return _held.get() or datetime.now(UTC)


def today() -> date:
    """Return the present civil date in Japan (Asia/Tokyo), which is what statutes and forms mean by a day."""
    return local(now()).date()


def local(moment: datetime) -> datetime:
    """Return an aware datetime in Japanese time; a naive one raises ValueError because its zone is unknown."""
    if moment.tzinfo is None:
        raise ValueError("a datetime without a time zone has no local time")
    return moment.astimezone(TOKYO)


@contextmanager
def frozen(moment: datetime) -> Iterator[datetime]:
    """Hold the clock at an aware moment inside the block, for this context only; blocks may be nested."""
    if moment.tzinfo is None:
        raise ValueError("the clock can only be held at an aware datetime")
    token = _held.set(moment.astimezone(UTC))
    try:
        yield now()
    finally:
        _held.reset(token)
