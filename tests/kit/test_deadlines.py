from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.kit.deadlines import (
    business_days_after,
    business_days_between,
    deadline,
    latest_notice_day,
    period_end,
)
from madoguchi.kit.holidays import is_closed

DAYS = st.dates(date(1990, 1, 1), date(2050, 12, 31))
LENGTHS = st.sampled_from(["days", "weeks", "months", "years"])


@pytest.mark.parametrize(
    ("event", "length", "end"),
    [
        (date(2026, 4, 1), {"days": 14}, date(2026, 4, 15)),
        (date(2026, 4, 1), {"days": 14, "first_day_counts": True}, date(2026, 4, 14)),
        (date(2026, 4, 1), {"weeks": 2}, date(2026, 4, 15)),
        (date(2026, 1, 15), {"months": 1}, date(2026, 2, 15)),
        (date(2026, 1, 31), {"months": 1}, date(2026, 2, 28)),
        (date(2026, 1, 30), {"months": 1}, date(2026, 2, 28)),
        (date(2026, 1, 29), {"months": 1}, date(2026, 2, 28)),
        (date(2026, 1, 28), {"months": 1}, date(2026, 2, 28)),
        (date(2026, 2, 28), {"months": 1}, date(2026, 3, 31)),
        (date(2026, 3, 31), {"months": 3}, date(2026, 6, 30)),
        (date(2024, 2, 28), {"years": 1}, date(2025, 2, 28)),
        (date(2026, 11, 20), {"months": 3}, date(2027, 2, 20)),
        (date(2026, 4, 29), {"days": 7, "roll_forward": True}, date(2026, 5, 7)),
        (date(2026, 12, 15), {"days": 14, "roll_forward": True}, date(2027, 1, 4)),
        (date(2026, 12, 15), {"days": 14}, date(2026, 12, 29)),
    ],
)
def test_periods_end_as_the_civil_code_says(event, length, end):
    assert deadline(event, **length) == end


@given(DAYS, LENGTHS, st.integers(1, 60), st.booleans(), st.booleans())
def test_a_longer_period_or_a_later_event_never_ends_earlier(event, unit, length, counts, roll):
    flags = {"first_day_counts": counts, "roll_forward": roll}
    end = deadline(event, **{unit: length}, **flags)
    assert deadline(event, **{unit: length + 1}, **flags) >= end
    assert deadline(event + timedelta(days=1), **{unit: length}, **flags) >= end
    assert end >= event


@given(DAYS, st.integers(1, 60))
def test_counting_the_first_day_ends_a_period_of_days_one_day_earlier(event, days):
    assert deadline(event, days=days, first_day_counts=True) == deadline(event, days=days) - timedelta(days=1)


@given(DAYS, LENGTHS, st.integers(1, 30))
def test_rolling_forward_ends_on_an_open_day_with_none_skipped(event, unit, length):
    plain = deadline(event, **{unit: length})
    rolled = deadline(event, **{unit: length}, roll_forward=True)
    assert not is_closed(rolled)
    assert all(is_closed(plain + timedelta(days=n)) for n in range((rolled - plain).days))


@given(DAYS, st.integers(1, 100))
def test_twelve_months_are_a_year(start, years):
    assert deadline(start, years=years) == deadline(start, months=12 * years)
    assert period_end(start, months=12 * years) == deadline(start, years=years, first_day_counts=True)


@pytest.mark.parametrize("lengths", [{}, {"days": 1, "months": 1}, {"days": -1}, {"days": 0}])
def test_a_period_without_exactly_one_length_is_refused(lengths):
    with pytest.raises(ValueError, match="exactly one length"):
        deadline(date(2026, 4, 1), **lengths)


def test_a_notice_leaves_its_clear_days_before_the_event():
    assert latest_notice_day(date(2026, 6, 20), days=7) == date(2026, 6, 12)
    with pytest.raises(ValueError, match="at least one day"):
        latest_notice_day(date(2026, 6, 20), days=0)


def test_business_days_pass_over_closed_days():
    assert business_days_after(date(2026, 11, 20), 1) == date(2026, 11, 24)  # Monday 23 is a holiday
    assert business_days_after(date(2026, 11, 21), 0) == date(2026, 11, 24)
    assert business_days_after(date(2026, 12, 28), 2) == date(2027, 1, 5)


@given(DAYS, st.integers(1, 40))
def test_business_days_counted_back_are_the_ones_counted_forward(day, count):
    end = business_days_after(day, count)
    assert not is_closed(end)
    assert business_days_between(day, end) == count
    assert business_days_between(end, day) == 0


def test_business_days_are_counted_forwards():
    with pytest.raises(ValueError, match="forwards"):
        business_days_after(date(2026, 1, 5), -1)
