"""
Timers of a workflow: ISO 8601 dates, durations and cycles, and periods of days as statutes count them.

A duration of whole days, weeks, months or years is a statutory period (民法第140条〜第143条): the first day does not
count and the timer fires when the last day is over, at midnight in Japan. One with hours, minutes or seconds is exact.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from madoguchi.kit import clock
from madoguchi.kit.deadlines import business_days_after, deadline, period_end
from madoguchi.kit.holidays import next_open_day

_DURATION = re.compile(
    r"P(?=.)(?:(?P<years>\d{1,3})Y)?(?:(?P<months>\d{1,4})M)?(?:(?P<weeks>\d{1,4})W)?(?:(?P<days>\d{1,5})D)?"
    r"(?:T(?=.)(?:(?P<hours>\d{1,6})H)?(?:(?P<minutes>\d{1,7})M)?(?:(?P<seconds>\d{1,9})S)?)?"
)
_CYCLE = re.compile(r"R(?P<count>\d{0,6})/(?:(?P<start>[^P/][^/]*)/)?(?P<duration>P[^/]+)")
_FOR_EVER = -1


@dataclass(frozen=True, slots=True)
class Period:
    """A parsed duration; ``is_exact`` when it has a time part."""

    months: int
    days: int
    seconds: int

    @property
    def is_exact(self) -> bool:
        """Whether hours, minutes or seconds are part of it."""
        return self.seconds > 0

    def end(self, start: datetime, *, roll_forward: bool = False) -> datetime:
        """Return the moment the period is over."""
        if self.is_exact:
            day = _months_later(clock.local(start).date(), self.months) if self.months else clock.local(start).date()
            moved = datetime.combine(day, clock.local(start).timetz())
            return (moved + timedelta(days=self.days, seconds=self.seconds)).astimezone(UTC)
        last = clock.local(start).date()
        if self.months:
            last = deadline(last, months=self.months)
        if self.days:
            last += timedelta(days=self.days)
        return midnight_after(next_open_day(last) if roll_forward else last)


def _months_later(day: date, months: int) -> date:
    return period_end(day, months=months) + timedelta(days=1)


def midnight_after(day: date) -> datetime:
    """Return the moment a day is over in Japan, as UTC."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=clock.TOKYO).astimezone(UTC)


def parse_duration(text: str) -> Period:
    """Read an ISO 8601 duration (``P14D``, ``P1M``, ``PT36H``); raise ``ValueError`` for anything else."""
    found = _DURATION.fullmatch(text.strip().upper())
    parts = {name: int(value or 0) for name, value in found.groupdict().items()} if found else {}
    if not any(parts.values()):
        raise ValueError(f"「{text}」はISO 8601の期間（例: P14D, PT36H）として読めません。")
    return Period(
        months=parts["years"] * 12 + parts["months"],
        days=parts["weeks"] * 7 + parts["days"],
        seconds=parts["hours"] * 3600 + parts["minutes"] * 60 + parts["seconds"],
    )


def parse_moment(text: str) -> datetime:
    """Read an ISO 8601 date (its beginning in Japan) or date and time (Japan without a zone); ``ValueError`` otherwise."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise ValueError(f"「{text}」はISO 8601の日付（例: 2026-12-01）として読めません。") from error
    return (moment if moment.tzinfo else moment.replace(tzinfo=clock.TOKYO)).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Cycle:
    """A repetition: how often (-1 for ever), from when (None: one period from the beginning), and the period between."""

    count: int
    start: datetime | None
    period: Period


def parse_cycle(text: str) -> Cycle:
    """Read an ISO 8601 repeating interval (``R3/P7D``, ``R/2026-12-01/P1M``); raise ``ValueError`` for anything else."""
    found = _CYCLE.fullmatch(text.strip().upper())
    if not found:
        raise ValueError(f"「{text}」はISO 8601の繰り返し（例: R3/P7D）として読めません。")
    count = int(found["count"]) if found["count"] else _FOR_EVER
    start = parse_moment(found["start"]) if found["start"] else None
    return Cycle(count, start, parse_duration(found["duration"]))


def after_business_days(start: datetime, days: int) -> datetime:
    """Return the moment the n-th open day after a moment is over (開庁日で数えて)."""
    return midnight_after(business_days_after(clock.local(start).date(), days))
