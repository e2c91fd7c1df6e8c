"""``value.name``: entries of contexts and the properties of dates, times, durations and ranges (DMN 1.5 table 65)."""

from collections.abc import Callable
from decimal import Decimal

from madoguchi.kit.feel.durations import DaysTimeDuration, YearsMonthsDuration
from madoguchi.kit.feel.temporal import Date, DateTime, Time, Zone, offset_duration
from madoguchi.kit.feel.values import Range

Property = Callable[..., object]


def property_of(value: object, name: str) -> object:
    """The entry or property of that name; of a list, the list of its elements' entries; null when there is none."""
    if type(value) is dict:
        return value.get(name)
    if type(value) is list:
        return [property_of(item, name) for item in value]
    getter = _PROPERTIES.get(type(value), {}).get(name)
    return None if getter is None else getter(value)


def _zone_name(zone: Zone | None) -> str | None:
    return zone.name if zone is not None and zone.name else None


def _signed_part(index: int) -> Property:
    def part(length: DaysTimeDuration) -> Decimal:
        amount = Decimal(length.parts[index])
        return -amount if length.seconds < 0 else amount

    return part


def _years(length: YearsMonthsDuration) -> Decimal:
    years = abs(length.months) // 12
    return Decimal(-years if length.months < 0 else years)


def _months(length: YearsMonthsDuration) -> Decimal:
    months = abs(length.months) % 12
    return Decimal(-months if length.months < 0 else months)


_DATE: dict[str, Property] = {
    "year": lambda date: Decimal(date.year),
    "month": lambda date: Decimal(date.month),
    "day": lambda date: Decimal(date.day),
    "weekday": lambda date: Decimal(date.weekday),
}
_TIME: dict[str, Property] = {
    "hour": lambda time: Decimal(time.hour),
    "minute": lambda time: Decimal(time.minute),
    "second": lambda time: time.second,
    "time offset": lambda time: offset_duration(time.offset),
    "timezone": lambda time: _zone_name(time.zone),
}


def _through(getter: Property, part: str) -> Property:
    return lambda moment: getter(getattr(moment, part))


_DATE_TIME: dict[str, Property] = {
    **{name: _through(getter, "date") for name, getter in _DATE.items()},
    **{name: _through(getter, "time") for name, getter in _TIME.items()},
    "time offset": lambda moment: offset_duration(moment.offset),
}
_PROPERTIES: dict[type, dict[str, Property]] = {
    Date: _DATE,
    Time: _TIME,
    DateTime: _DATE_TIME,
    DaysTimeDuration: {name: _signed_part(index) for index, name in enumerate(("days", "hours", "minutes", "seconds"))},
    YearsMonthsDuration: {"years": _years, "months": _months},
    Range: {
        "start": lambda interval: interval.start,
        "end": lambda interval: interval.end,
        "start included": lambda interval: interval.start_included,
        "end included": lambda interval: interval.end_included,
    },
}
