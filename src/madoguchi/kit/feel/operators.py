"""Arithmetic between FEEL values (DMN 1.5 tables 56 to 60); operands of other types give null."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from madoguchi.kit.feel.durations import SECONDS_PER_DAY, DaysTimeDuration, YearsMonthsDuration
from madoguchi.kit.feel.temporal import Date, DateTime, Time, at_utc_midnight

Operation = Callable[..., Any]
_EXPONENT_MAX = 999_999_999
_MONTHS_MAX = 12_000_000_000
_DAYS_MAX = 400_000_000_000
_SECONDS_MAX = Decimal(10) ** 25


def add(left: object, right: object) -> object:
    """``left + right``: numbers, strings, durations, and a point in time with a duration."""
    return _apply(_ADD, left, right)


def subtract(left: object, right: object) -> object:
    """``left - right``: numbers, durations, two points in time, a point in time less a duration."""
    return _apply(_SUBTRACT, left, right)


def multiply(left: object, right: object) -> object:
    """``left * right``: numbers, and a duration with a number."""
    return _apply(_MULTIPLY, left, right)


def divide(left: object, right: object) -> object:
    """``left / right``: numbers, a duration by a number, two durations of a kind; null when dividing by zero."""
    return _apply(_DIVIDE, left, right)


def power(left: object, right: object) -> object:
    """``left ** right`` of numbers."""
    return _apply(_POWER, left, right)


def negative(value: object) -> object:
    """``-value`` of a number or duration."""
    operation = _NEGATIVE.get(type(value))
    return None if operation is None else operation(value)


def _apply(table: dict[tuple[type, type], Operation], left: object, right: object) -> object:
    operation = table.get((type(left), type(right)))
    if operation is None:
        return None
    try:
        return operation(left, right)
    except (ArithmeticError, ValueError):
        return None


def _number_power(base: Decimal, exponent: Decimal) -> Decimal | None:
    if abs(exponent) > _EXPONENT_MAX:
        return None
    if exponent == 0:
        return Decimal(1)
    return base**exponent


def _months(value: Decimal | int) -> YearsMonthsDuration | None:
    months = int(value)
    return YearsMonthsDuration(months) if abs(months) <= _MONTHS_MAX else None


def _seconds(value: Decimal) -> DaysTimeDuration | None:
    return DaysTimeDuration(value) if abs(value) <= _SECONDS_MAX else None


def _date_plus_days(date: Date, length: DaysTimeDuration) -> Date | None:
    exact = date.ordinal * SECONDS_PER_DAY + length.seconds
    rest = exact % SECONDS_PER_DAY
    days = (exact - rest) / SECONDS_PER_DAY
    # The remainder of a Decimal has the sign of the dividend; before 1970 the day that has begun is one earlier.
    return Date.from_ordinal(int(days) - (rest < 0)) if abs(days) < _DAYS_MAX else None


def _date_time_plus_months(moment: DateTime, months: int) -> DateTime | None:
    date = moment.date.plus_months(months)
    return None if date is None else DateTime(date, moment.time)


def _between_moments(left: DateTime, right: DateTime) -> DaysTimeDuration | None:
    if (left.zone is None) != (right.zone is None):
        return None
    return DaysTimeDuration(left.instant - right.instant)


def _between_times(left: Time, right: Time) -> DaysTimeDuration | None:
    if (left.zone is None) != (right.zone is None):
        return None
    return DaysTimeDuration(left.seconds - (left.offset or 0) - right.seconds + (right.offset or 0))


_DTD, _YMD = DaysTimeDuration, YearsMonthsDuration
_COMMUTATIVE: dict[tuple[type, type], Operation] = {
    (Date, _YMD): lambda date, length: date.plus_months(length.months),
    (Date, _DTD): _date_plus_days,
    (DateTime, _YMD): lambda moment, length: _date_time_plus_months(moment, length.months),
    (DateTime, _DTD): lambda moment, length: moment.plus_seconds(length.seconds),
    (Time, _DTD): lambda time, length: time.plus_seconds(length.seconds),
}


def _flip(operation: Operation) -> Operation:
    return lambda left, right: operation(right, left)


_ADD: dict[tuple[type, type], Operation] = {
    (Decimal, Decimal): lambda left, right: left + right,
    (str, str): lambda left, right: left + right,
    (_DTD, _DTD): lambda left, right: _seconds(left.seconds + right.seconds),
    (_YMD, _YMD): lambda left, right: _months(left.months + right.months),
    **_COMMUTATIVE,
    **{(right, left): _flip(operation) for (left, right), operation in _COMMUTATIVE.items()},
}
_SUBTRACT: dict[tuple[type, type], Operation] = {
    (Decimal, Decimal): lambda left, right: left - right,
    (_DTD, _DTD): lambda left, right: _seconds(left.seconds - right.seconds),
    (_YMD, _YMD): lambda left, right: _months(left.months - right.months),
    (Date, Date): lambda left, right: _DTD(Decimal((left.ordinal - right.ordinal) * SECONDS_PER_DAY)),
    (DateTime, DateTime): _between_moments,
    (DateTime, Date): lambda left, right: _between_moments(left, at_utc_midnight(right)),
    (Date, DateTime): lambda left, right: _between_moments(at_utc_midnight(left), right),
    (Time, Time): _between_times,
    (Date, _YMD): lambda date, length: date.plus_months(-length.months),
    (Date, _DTD): lambda date, length: _date_plus_days(date, _DTD(-length.seconds)),
    (DateTime, _YMD): lambda moment, length: _date_time_plus_months(moment, -length.months),
    (DateTime, _DTD): lambda moment, length: moment.plus_seconds(-length.seconds),
    (Time, _DTD): lambda time, length: time.plus_seconds(-length.seconds),
}
_MULTIPLY: dict[tuple[type, type], Operation] = {
    (Decimal, Decimal): lambda left, right: left * right,
    (_DTD, Decimal): lambda length, factor: _seconds(length.seconds * factor),
    (Decimal, _DTD): lambda factor, length: _seconds(length.seconds * factor),
    (_YMD, Decimal): lambda length, factor: _months(length.months * factor),
    (Decimal, _YMD): lambda factor, length: _months(length.months * factor),
}
_DIVIDE: dict[tuple[type, type], Operation] = {
    (Decimal, Decimal): lambda left, right: left / right,
    (_DTD, Decimal): lambda length, divisor: _seconds(length.seconds / divisor),
    (_YMD, Decimal): lambda length, divisor: _months(length.months / divisor),
    (_DTD, _DTD): lambda left, right: left.seconds / right.seconds,
    (_YMD, _YMD): lambda left, right: Decimal(left.months) / Decimal(right.months),
}
_POWER: dict[tuple[type, type], Operation] = {(Decimal, Decimal): _number_power}
_NEGATIVE: dict[type, Operation] = {
    Decimal: lambda value: -value,
    _DTD: lambda value: _DTD(-value.seconds),
    _YMD: lambda value: _YMD(-value.months),
}
ARITHMETIC: dict[str, Operation] = {"+": add, "-": subtract, "*": multiply, "/": divide, "**": power}
