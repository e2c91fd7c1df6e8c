"""Laws: three-valued logic, the calendar, durations, numbers, and ranges."""

import datetime as dt
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from madoguchi.kit.feel import Date, DaysTimeDuration, YearsMonthsDuration, from_python, to_python
from madoguchi.kit.feel.durations import parse_duration
from madoguchi.kit.feel.numbers import CONTEXT
from madoguchi.kit.feel.temporal import from_ordinal, to_ordinal
from madoguchi.kit.feel.temporal_text import parse_date, parse_date_time, parse_time
from tests.kit.feel.values import feel

truths = st.sampled_from([True, False, None])
numbers = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=6)


@given(truths, truths, truths)
def test_three_valued_logic_obeys_its_laws(a: bool | None, b: bool | None, c: bool | None) -> None:
    scope = {"a": a, "b": b, "c": c}
    for left, right in (
        ("a and b", "b and a"),
        ("a or b", "b or a"),
        ("a and (b and c)", "(a and b) and c"),
        ("a or (b or c)", "(a or b) or c"),
        ("a and (b or c)", "(a and b) or (a and c)"),
        ("not(a and b)", "not(a) or not(b)"),
        ("not(a or b)", "not(a) and not(b)"),
        ("not(not(a))", "a"),
        ("a and true", "a"),
        ("a or false", "a"),
        ("all([a, b, c])", "a and b and c"),
        ("any([a, b, c])", "a or b or c"),
        ("every x in [a, b] satisfies x", "a and b"),
        ("some x in [a, b] satisfies x", "a or b"),
    ):
        assert feel(left, scope) is feel(right, scope), (left, right)


@given(st.one_of(numbers, st.text(max_size=3), st.none()), st.one_of(numbers, st.text(max_size=3), st.none()))
def test_what_is_no_boolean_counts_as_null_in_logic(a: object, b: object) -> None:
    scope = {"a": a, "b": b}
    assert feel("a and b", scope) is None
    assert feel("a and false", scope) is False
    assert feel("a or true", scope) is True


@given(numbers, numbers)
def test_numbers_are_those_of_decimal128(a: Decimal, b: Decimal) -> None:
    scope = {"a": a, "b": b}
    assert feel("a + b", scope) == CONTEXT.add(a, b)
    assert feel("a * b", scope) == CONTEXT.multiply(a, b)
    if b:
        assert feel("a / b", scope) == CONTEXT.divide(a, b)


@given(numbers, numbers, numbers)
def test_ranges_say_what_their_comparisons_say(value: Decimal, one: Decimal, other: Decimal) -> None:
    scope = {"v": value, "s": min(one, other), "e": max(one, other)}
    assert feel("v in [s..e]", scope) is (feel("v >= s and v <= e", scope))
    assert feel("v in (s..e)", scope) is (feel("v > s and v < e", scope))
    assert feel("includes([s..e), v)", scope) is feel("v in [s..e)", scope)
    assert feel("before(v, [s..e]) or during(v, [s..e]) or after(v, [s..e])", scope) is True


@given(st.integers(-400_000_000_000 // 2, 400_000_000_000 // 2))
def test_days_and_calendar_dates_are_one_to_one(ordinal: int) -> None:
    assert to_ordinal(*from_ordinal(ordinal)) == ordinal


@given(st.dates())
def test_the_calendar_is_that_of_python(day: dt.date) -> None:
    date = from_python(day)
    assert isinstance(date, Date)
    assert (date.ordinal, date.weekday) == ((day - dt.date(1970, 1, 1)).days, day.isoweekday())
    assert (date.week_of_year, date.day_of_year) == (day.isocalendar().week, day.timetuple().tm_yday)
    assert parse_date(str(date)) == date
    assert to_python(date) == day


@given(st.datetimes(timezones=st.sampled_from([None, dt.UTC, dt.timezone(dt.timedelta(hours=9))])))
def test_moments_go_through_text_and_python_unchanged(moment: dt.datetime) -> None:
    value = from_python(moment)
    assert parse_date_time(str(value)) == value
    assert to_python(value) == moment
    clock = from_python(moment.timetz())
    assert parse_time(str(clock)) == clock


@given(st.timedeltas(), st.integers(-10_000, 10_000))
def test_durations_go_through_text_unchanged(length: dt.timedelta, months: int) -> None:
    days = from_python(length)
    assert isinstance(days, DaysTimeDuration)
    assert parse_duration(str(days)) == days
    assert to_python(days) == length
    assert parse_duration(str(YearsMonthsDuration(months))) == YearsMonthsDuration(months)


@given(st.dates(dt.date(1, 1, 1), dt.date(9000, 1, 1)), st.integers(-3000, 3000))
def test_adding_days_is_adding_days(day: dt.date, days: int) -> None:
    wanted = day + dt.timedelta(days) if day.toordinal() + days > 0 else None
    if wanted is not None:
        assert feel('d + n * @"P1D"', {"d": day, "n": days}) == wanted
