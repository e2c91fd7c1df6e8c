"""Conversion functions (DMN 1.5 tables 72 and 73)."""

import re
from decimal import Decimal

from madoguchi.kit.feel.builtins.signatures import Library
from madoguchi.kit.feel.compare import negate
from madoguchi.kit.feel.convert import text_of
from madoguchi.kit.feel.durations import DaysTimeDuration, YearsMonthsDuration, parse_duration
from madoguchi.kit.feel.limits import Budget
from madoguchi.kit.feel.numbers import integer_of, to_number
from madoguchi.kit.feel.temporal import OFFSET_MAX, Date, DateTime, Time, Zone
from madoguchi.kit.feel.temporal_text import parse_date, parse_date_time, parse_time

library = Library()
_NUMBER = re.compile(r"-?(?:\d+(?:\.\d+)?|\.\d+)", re.ASCII)
_GROUPINGS = (" ", ",", ".", None)
_DECIMALS = (",", ".", None)


@library.define("not", "negand: any")
def negation(negand: object) -> bool | None:
    """Logical negation; null for what is no boolean."""
    return negate(negand)


@library.define("date", "from: string")
def date_of_text(text: str) -> Date | None:
    """A date of its ISO form."""
    return parse_date(text)


@library.define("date", "from: date")
def date_of_date(value: Date) -> Date:
    """The same date."""
    return value


@library.define("date", "from: date and time")
def date_of_date_time(value: DateTime) -> Date:
    """The date of a date and time."""
    return value.date


@library.define("date", "year: number", "month: number", "day: number")
def date_of_parts(year: Decimal, month: Decimal, day: Decimal) -> Date | None:
    """The date of year, month and day."""
    parts = [integer_of(part) for part in (year, month, day)]
    known = [part for part in parts if part is not None]
    return Date.of(*known) if len(known) == 3 else None


@library.define("date and time", "from: string")
def date_time_of_text(text: str) -> DateTime | None:
    """A date and time of its ISO form."""
    return parse_date_time(text)


@library.define("date and time", "from: date and time")
def date_time_of_value(value: DateTime) -> DateTime:
    """The same date and time; a date becomes midnight UTC."""
    return value


@library.define("date and time", "date: date", "time: time")
def date_time_of_parts(date: Date, time: Time) -> DateTime:
    """A date with a time."""
    return DateTime(date, time)


@library.define("date and time", "date: date and time", "time: time")
def date_time_with_time(date: DateTime, time: Time) -> DateTime:
    """The date of a date and time with another time."""
    return DateTime(date.date, time)


@library.define("time", "from: string")
def time_of_text(text: str) -> Time | None:
    """A time of its ISO form."""
    return parse_time(text)


@library.define("time", "from: time")
def time_of_time(value: Time) -> Time:
    """The same time."""
    return value


@library.define("time", "from: date and time")
def time_of_date_time(value: DateTime) -> Time:
    """The time of a date and time; of a date, midnight UTC."""
    return value.time


@library.define("time", "hour: number", "minute: number", "second: number", "offset?: days and time duration")
def time_of_parts(
    hour: Decimal, minute: Decimal, second: Decimal, offset: DaysTimeDuration | None = None
) -> Time | None:
    """The time of hour, minute and second, with an offset from UTC."""
    hours, minutes = integer_of(hour), integer_of(minute)
    if hours is None or minutes is None or (offset is not None and abs(offset.seconds) > OFFSET_MAX):
        return None
    return Time.of(hours, minutes, second, None if offset is None else Zone(int(offset.seconds)))


@library.define("duration", "from: string")
def duration_of_text(text: str) -> DaysTimeDuration | YearsMonthsDuration | None:
    """A duration of its XML Schema form."""
    return parse_duration(text)


def _months_between(start: DateTime, end: DateTime) -> YearsMonthsDuration:
    """Whole months from one to the other, cut towards zero."""
    first, last = start.date, end.date
    months = (last.year - first.year) * 12 + last.month - first.month
    before = (last.day, end.time.seconds) < (first.day, start.time.seconds)
    after = (last.day, end.time.seconds) > (first.day, start.time.seconds)
    if months > 0 and before:
        months -= 1
    elif months < 0 and after:
        months += 1
    return YearsMonthsDuration(months)


@library.define("years and months duration", "from: date and time", "to: date and time")
def years_and_months(start: DateTime, end: DateTime) -> YearsMonthsDuration:
    """Whole months between two dates, or two dates with times."""
    return _months_between(start, end)


@library.define("number", "from: string")
def number_of_text(text: str) -> Decimal | None:
    """A number of a numeric literal."""
    return to_number(text) if _NUMBER.fullmatch(text) else None


@library.define("number", "from: string", "grouping separator: string?", "decimal separator: string?")
def number_of_grouped(text: str, grouping: str | None, separator: str | None) -> Decimal | None:
    """A number written with separators."""
    if grouping not in _GROUPINGS or separator not in _DECIMALS or (grouping is not None and grouping == separator):
        return None
    plain = text.replace(grouping, "") if grouping else text
    return number_of_text(plain.replace(separator, ".") if separator else plain)


@library.define("string", "from: any", budget=True)
def string_of(budget: Budget, value: object) -> str | None:
    """The text of a value; null of null."""
    return None if value is None else budget.check_string(text_of(value))
