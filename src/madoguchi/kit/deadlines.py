"""Statutory periods: when a period of days, weeks, months or years ends (民法第140条〜第143条).

The first day does not count (初日不算入, 第140条) unless the period starts at midnight or a law says so. Months and
years follow the calendar (第143条): the period ends on the day before the corresponding day, or on the last day of
the month when there is none. An end that falls on a closed day may move to the next open one (第142条,
行政機関の休日に関する法律第2条); whether it does differs by procedure, so it is a flag.
"""

import calendar
from datetime import date, timedelta

from madoguchi.kit.holidays import is_closed, next_open_day

_DAY = timedelta(days=1)


def deadline(
    event: date,
    *,
    days: int = 0,
    weeks: int = 0,
    months: int = 0,
    years: int = 0,
    first_day_counts: bool = False,
    roll_forward: bool = False,
) -> date:
    """Return the last day of a period that runs from an event; exactly one of the lengths is given, at least 1.

    `first_day_counts` starts the period on the day of the event itself; `roll_forward` moves an end on a closed day
    to the next open one. Raises ValueError when no length, several, or a negative one is given.
    """
    if sum(length != 0 for length in (days, weeks, months, years)) != 1 or min(days, weeks, months, years) < 0:
        raise ValueError("a period needs exactly one length, of at least one day, week, month or year")
    start = event if first_day_counts else event + _DAY
    in_months = months + 12 * years
    end = period_end(start, months=in_months) if in_months else start + timedelta(days=days + 7 * weeks) - _DAY
    return next_open_day(end) if roll_forward else end


def period_end(start: date, *, months: int) -> date:
    """Return the last day of a period of calendar months whose first counted day is `start` (民法第143条)."""
    month_index = start.year * 12 + start.month - 1 + months
    year, month = month_index // 12, month_index % 12 + 1
    last = calendar.monthrange(year, month)[1]
    return date(year, month, start.day) - _DAY if start.day <= last else date(year, month, last)


def latest_notice_day(event: date, *, days: int) -> date:
    """Return the last day to give a notice due `days` days before an event, with that many clear days between them.

    Counting backwards the day of the event does not count either (民法第140条 by analogy).
    """
    if days < 1:
        raise ValueError("a notice is due at least one day before")
    return event - timedelta(days=days + 1)


def business_days_after(day: date, count: int) -> date:
    """Return the `count`-th open day after a day (開庁日で数えて); 0 is the day itself, or the next open one."""
    if count < 0:
        raise ValueError("business days are counted forwards")
    current = day if count else next_open_day(day)
    for _ in range(count):
        current = next_open_day(current + _DAY)
    return current


def business_days_between(start: date, end: date) -> int:
    """Return how many open days lie after `start` up to and including `end`; 0 when the end is not later."""
    return sum(not is_closed(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))
