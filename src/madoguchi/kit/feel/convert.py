"""Between Python values and FEEL values, and FEEL values as text."""

import datetime as dt
import json
from collections.abc import Mapping
from decimal import Decimal
from zoneinfo import ZoneInfo

from madoguchi.kit.feel.durations import SECONDS_PER_DAY, DaysTimeDuration, YearsMonthsDuration
from madoguchi.kit.feel.numbers import format_number, to_number
from madoguchi.kit.feel.scope import WORD
from madoguchi.kit.feel.temporal import Date, DateTime, Time, Zone
from madoguchi.kit.feel.values import Function, Range

_PLAIN = frozenset((type(None), bool, str, Decimal, Date, Time, DateTime, DaysTimeDuration, YearsMonthsDuration, Range))


def from_python(value: object) -> object:
    """The FEEL value of a Python value: int, float and Decimal, datetime's types, mappings, sequences, sets.

    TypeError for a value that FEEL has no counterpart of; NaN and infinity become null.
    """
    if type(value) in _PLAIN:
        return value
    if isinstance(value, (int, float, Decimal)):
        return to_number(value)
    if isinstance(value, Mapping):
        return {str(key): from_python(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [from_python(item) for item in value]
    return _from_temporal(value)


def _from_temporal(value: object) -> object:
    if isinstance(value, dt.datetime):
        return DateTime(Date(value.year, value.month, value.day), _time(value.timetz(), value.utcoffset()))
    if isinstance(value, dt.date):
        return Date(value.year, value.month, value.day)
    if isinstance(value, dt.time):
        return _time(value, value.utcoffset())
    if isinstance(value, dt.timedelta):
        seconds = value.days * SECONDS_PER_DAY + value.seconds
        return DaysTimeDuration(Decimal(seconds) + Decimal(value.microseconds).scaleb(-6))
    if isinstance(value, Function):
        return value
    if isinstance(value, str):
        return str(value)
    raise TypeError(f"FEEL has no value for {type(value).__name__}")


def _time(value: dt.time, offset: dt.timedelta | None) -> Time:
    seconds = value.hour * 3600 + value.minute * 60 + value.second
    exact = Decimal(seconds) + Decimal(value.microsecond).scaleb(-6)
    if isinstance(value.tzinfo, ZoneInfo) and value.tzinfo.key:
        return Time(exact, Zone(name=value.tzinfo.key))
    return Time(exact, None if offset is None else Zone(int(offset.total_seconds())))


def to_python(value: object) -> object:
    """The Python value of a FEEL value where Python has one (datetime's types); otherwise the FEEL value itself."""
    if isinstance(value, list):
        return [to_python(item) for item in value]
    if isinstance(value, dict):
        return {key: to_python(item) for key, item in value.items()}
    try:
        return _to_temporal(value)
    except (ValueError, OverflowError):
        return value


def _to_temporal(value: object) -> object:
    if isinstance(value, Date):
        return dt.date(value.year, value.month, value.day)
    if isinstance(value, Time):
        return _python_time(value)
    if isinstance(value, DateTime):
        date = dt.date(value.date.year, value.date.month, value.date.day)
        return dt.datetime.combine(date, _python_time(value.time))
    if isinstance(value, DaysTimeDuration):
        return dt.timedelta(microseconds=int(value.seconds.scaleb(6).to_integral_value()))
    return value


def _python_time(value: Time) -> dt.time:
    zone: dt.tzinfo | None = None
    if value.zone is not None:
        zone = ZoneInfo(value.zone.name) if value.zone.name else dt.timezone(dt.timedelta(seconds=value.zone.offset))
    microsecond = int(value.second % 1 * 1_000_000)
    return dt.time(value.hour, value.minute, int(value.second), microsecond, tzinfo=zone)


def text_of(value: object) -> str:
    """The text of a value as the built-in ``string`` gives it: strings bare at the top, quoted inside lists."""
    return value if isinstance(value, str) else literal_of(value)


def literal_of(value: object) -> str:
    """The value in FEEL notation; dates, times and durations in their ISO form."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format_number(value)
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        return f"[{', '.join(literal_of(item) for item in value)}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(key)}: {literal_of(item)}" for key, item in value.items()) + "}"
    if isinstance(value, Range):
        return _range(value)
    return str(value) if type(value) in _PLAIN else "function"


def _key(key: str) -> str:
    return key if WORD.fullmatch(key) else json.dumps(key, ensure_ascii=False)


def _range(value: Range) -> str:
    if value.operator:
        return f"{value.operator} {literal_of(value.start if value.end is None else value.end)}"
    opening = "[" if value.start_included else "("
    closing = "]" if value.end_included else ")"
    start = "" if value.start is None else literal_of(value.start)
    end = "" if value.end is None else literal_of(value.end)
    return f"{opening}{start}..{end}{closing}"
