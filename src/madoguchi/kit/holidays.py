"""Closed days of public offices: weekends, national holidays, 29 December to 3 January.

The source is 行政機関の休日に関する法律第1条, which the ordinances of municipalities repeat (地方自治法第4条の2).
"""

from datetime import date, timedelta
from functools import lru_cache

import jpholiday

_DAY = timedelta(days=1)


@lru_cache(maxsize=4096)
def holiday_name(day: date) -> str | None:
    """Return the name of the national holiday (国民の祝日に関する法律; also 振替休日 and 国民の休日), or None."""
    name = jpholiday.is_holiday_name(day)
    return str(name) if name else None


def is_holiday(day: date) -> bool:
    """Say whether the day is a national holiday."""
    return holiday_name(day) is not None


def is_year_end(day: date) -> bool:
    """Say whether the day lies in the closing of the year, 29 December to 3 January."""
    return (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3)


def is_closed(day: date) -> bool:
    """Say whether public offices are closed on the day."""
    return day.weekday() >= 5 or is_year_end(day) or is_holiday(day)


def next_open_day(day: date) -> date:
    """Return the day itself when offices are open, else the first open day after it."""
    while is_closed(day):
        day += _DAY
    return day


def previous_open_day(day: date) -> date:
    """Return the day itself when offices are open, else the last open day before it."""
    while is_closed(day):
        day -= _DAY
    return day
