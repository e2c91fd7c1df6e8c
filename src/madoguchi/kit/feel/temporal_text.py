"""Reading the XML Schema forms of dates and times, with IANA zones behind ``@`` (DMN 1.5 clause 10.3.4.1)."""

import re
from decimal import Decimal

from madoguchi.kit.feel.durations import DaysTimeDuration, YearsMonthsDuration, parse_duration
from madoguchi.kit.feel.temporal import OFFSET_MAX, Date, DateTime, Time, Zone, zone_info

_DATE = re.compile(r"(-?)(\d{4}|[1-9]\d{4,8})-(\d{2})-(\d{2})", re.ASCII)
_TIME = re.compile(r"(\d{2}):(\d{2}):(\d{2}(?:\.\d{1,30})?)(.*)", re.ASCII | re.DOTALL)
_OFFSET = re.compile(r"([+-])(\d{2}):(\d{2})(?::(\d{2}))?", re.ASCII)

Temporal = Date | Time | DateTime | DaysTimeDuration | YearsMonthsDuration


def parse_date(text: str) -> Date | None:
    """A date of ``[-]YYYY-MM-DD``, or None."""
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    year = int(match[2])
    return Date.of(-year if match[1] else year, int(match[3]), int(match[4]))


def parse_time(text: str) -> Time | None:
    """A time of ``hh:mm:ss[.s][zone]``, or None; 24:00:00 is the end of the day, which is midnight."""
    parsed = _parse_clock(text)
    return None if parsed is None else parsed[0]


def parse_date_time(text: str) -> DateTime | None:
    """A date and time of ``dateTtime``, or of a date alone (midnight, local), or None."""
    head, separator, tail = text.partition("T")
    date = parse_date(head)
    if date is None:
        return None
    if not separator:
        return DateTime(date, Time(Decimal(0)))
    parsed = _parse_clock(tail)
    if parsed is None:
        return None
    time, is_end_of_day = parsed
    day = date.plus_days(1) if is_end_of_day else date
    return None if day is None else DateTime(day, time)


def parse_temporal(text: str) -> Temporal | None:
    """What an ``@"…"`` literal stands for: a date, a time, a date and time or a duration."""
    if "P" in text[:2]:
        return parse_duration(text)
    if "T" in text.partition("@")[0]:
        return parse_date_time(text)
    return parse_date(text) or parse_time(text)


def _parse_clock(text: str) -> tuple[Time, bool] | None:
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    zone = _parse_zone(match[4])
    if zone is None:
        return None
    hour, minute, second = int(match[1]), int(match[2]), Decimal(match[3])
    end_of_day = hour == 24 and minute == 0 and second == 0
    time = Time.of(0 if end_of_day else hour, minute, second, zone[0])
    return None if time is None else (time, end_of_day)


def _parse_zone(text: str) -> tuple[Zone | None] | None:
    """A one-tuple of the zone (None: local), or None when the text is no zone."""
    if text == "":
        return (None,)
    if text in ("Z", "z"):
        return (Zone(),)
    if text.startswith("@"):
        return (Zone(name=text[1:]),) if zone_info(text[1:]) is not None else None
    match = _OFFSET.fullmatch(text)
    if match is None or int(match[3]) > 59 or int(match[4] or 0) > 59:
        return None
    seconds = int(match[2]) * 3600 + int(match[3]) * 60 + int(match[4] or 0)
    if seconds > OFFSET_MAX:
        return None
    return (Zone(offset=-seconds if match[1] == "-" else seconds),)
