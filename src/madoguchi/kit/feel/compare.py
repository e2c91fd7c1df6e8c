"""Equality, order and membership of FEEL values with null as the third truth value (DMN 1.5 tables 52 to 55)."""

from collections.abc import Callable, Iterable
from decimal import Decimal

from madoguchi.kit.feel.durations import DaysTimeDuration, YearsMonthsDuration
from madoguchi.kit.feel.temporal import Date, DateTime, Time
from madoguchi.kit.feel.values import Range

Truth = bool | None


def negate(value: object) -> Truth:
    """``not``: null for everything that is not a boolean."""
    return (not value) if isinstance(value, bool) else None


def conjunction(values: Iterable[object]) -> Truth:
    """``and``: false if any is false, true if all are true, otherwise null."""
    result: Truth = True
    for value in values:
        if value is False:
            return False
        if value is not True:
            result = None
    return result


def disjunction(values: Iterable[object]) -> Truth:
    """``or``: true if any is true, false if all are false, otherwise null."""
    result: Truth = False
    for value in values:
        if value is True:
            return True
        if value is not False:
            result = None
    return result


def equals(left: object, right: object) -> Truth:
    """Whether two values are equal; null when they are of different kinds (null itself is equal to null only)."""
    if left is None or right is None:
        return left is right
    kind = type(left)
    if kind is not type(right):
        return None
    special = _EQUALITY.get(kind)
    return special(left, right) if special is not None else left == right


def same(left: object, right: object) -> bool:
    """Whether two values are certainly equal."""
    return equals(left, right) is True


def _equal_lists(left: list[object], right: list[object]) -> bool:
    return len(left) == len(right) and all(same(one, other) for one, other in zip(left, right, strict=True))


def _equal_contexts(left: dict[str, object], right: dict[str, object]) -> bool:
    return left.keys() == right.keys() and all(same(value, right[key]) for key, value in left.items())


def _equal_ranges(left: Range, right: Range) -> bool:
    flags = left.start_included == right.start_included and left.end_included == right.end_included
    return flags and same(left.start, right.start) and same(left.end, right.end)


def _equal_times(left: Time, right: Time) -> bool:
    if (left.zone is None) != (right.zone is None):
        return False
    return left.seconds - (left.offset or 0) == right.seconds - (right.offset or 0)


def _equal_date_times(left: DateTime, right: DateTime) -> bool:
    return (left.zone is None) == (right.zone is None) and left.instant == right.instant


_EQUALITY: dict[type, Callable[..., bool]] = {
    list: _equal_lists,
    dict: _equal_contexts,
    Range: _equal_ranges,
    Time: _equal_times,
    DateTime: _equal_date_times,
}


def less(left: object, right: object) -> Truth:
    """``left < right``; null for values that have no order or are of different kinds."""
    kind = type(left)
    if kind is not type(right):
        return None
    if kind is Decimal or kind is str:
        return bool(left < right)  # type: ignore[operator]  # both are numbers or both are strings
    key = _ORDER.get(kind)
    return None if key is None else key(left, right)


def _less_times(left: Time, right: Time) -> bool:
    if left.zone is None or right.zone is None:
        return left.seconds < right.seconds
    return left.seconds - (left.offset or 0) < right.seconds - (right.offset or 0)


def _less_date_times(left: DateTime, right: DateTime) -> bool:
    if left.zone is None or right.zone is None:
        return left.local_seconds < right.local_seconds
    return left.instant < right.instant


def _less_dates(left: Date, right: Date) -> bool:
    return (left.year, left.month, left.day) < (right.year, right.month, right.day)


def _less_days(left: DaysTimeDuration, right: DaysTimeDuration) -> bool:
    return left.seconds < right.seconds


def _less_months(left: YearsMonthsDuration, right: YearsMonthsDuration) -> bool:
    return left.months < right.months


_ORDER: dict[type, Callable[..., bool]] = {
    Date: _less_dates,
    Time: _less_times,
    DateTime: _less_date_times,
    DaysTimeDuration: _less_days,
    YearsMonthsDuration: _less_months,
}


def less_or_equal(left: object, right: object) -> Truth:
    """``left <= right``, defined as ``left < right or left = right``; null where ``<`` is null."""
    below = less(left, right)
    return None if below is None else below or same(left, right)


def greater(left: object, right: object) -> Truth:
    """``left > right``."""
    return less(right, left)


def greater_or_equal(left: object, right: object) -> Truth:
    """``left >= right``."""
    return less_or_equal(right, left)


def unequal(left: object, right: object) -> Truth:
    """``left != right``."""
    return negate(equals(left, right))


COMPARISONS: dict[str, Callable[[object, object], Truth]] = {
    "=": equals,
    "!=": unequal,
    "<": less,
    "<=": less_or_equal,
    ">": greater,
    ">=": greater_or_equal,
}


def includes(interval: Range, value: object) -> Truth:
    """Whether a value lies in a range; null when the ends and the value cannot be compared."""
    if interval.operator:
        return COMPARISONS[interval.operator](value, interval.start if interval.end is None else interval.end)
    if value is None:
        return None
    return between(value, interval.start, interval.end, interval.start_included, interval.end_included)


def between(value: object, start: object, end: object, from_start: bool = True, to_end: bool = True) -> Truth:
    """Whether ``value`` is between two ends, each included or not."""
    lower = (greater_or_equal if from_start else greater)(value, start)
    upper = (less_or_equal if to_end else less)(value, end)
    return conjunction((lower, upper))


def contains(items: Iterable[object], value: object) -> bool:
    """Whether a list holds an element equal to the value (null is found too)."""
    return any(same(item, value) for item in items)


def is_member(value: object, tested: object) -> Truth:
    """``value in tested`` for an evaluated right side: a range, a list of values or ranges, or one value."""
    if isinstance(tested, Range):
        return includes(tested, value)
    if isinstance(tested, list):
        return _in_list(value, tested)
    return equals(value, tested)


def _in_list(value: object, items: list[object]) -> bool:
    for item in items:
        if isinstance(item, Range) and not isinstance(value, Range):
            if includes(item, value) is True:
                return True
        elif same(value, item):
            return True
    return isinstance(value, list) and _equal_lists(value, items)
