import csv
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.kit import holidays
from tests.shared import shared_path

DAYS = st.dates(date(1990, 1, 1), date(2050, 12, 31))


@pytest.mark.parametrize(
    ("day", "closed"),
    [
        (date(2026, 9, 22), True),  # 国民の休日
        (date(2026, 5, 6), True),  # 振替休日
        (date(2026, 12, 28), False),
        (date(2026, 12, 29), True),
        (date(2027, 1, 3), True),
        (date(2027, 1, 4), False),
        (date(2026, 11, 20), False),
        (date(2026, 11, 21), True),
    ],
)
def test_offices_are_closed_on_weekends_holidays_and_around_the_new_year(day, closed):
    assert holidays.is_closed(day) is closed


def test_holidays_have_their_names():
    assert holidays.holiday_name(date(2026, 11, 3)) == "文化の日"
    assert holidays.holiday_name(date(2026, 11, 4)) is None


@given(DAYS)
def test_the_next_and_previous_open_days_are_open_with_only_closed_days_between(day):
    after, before = holidays.next_open_day(day), holidays.previous_open_day(day)
    assert not holidays.is_closed(after)
    assert not holidays.is_closed(before)
    between = [before + timedelta(days=n) for n in range(1, (after - before).days)]
    assert all(holidays.is_closed(one) for one in between)
    assert holidays.next_open_day(after) == after


@pytest.mark.shared
@pytest.mark.parametrize("year", [2016, 2018, 2022, 2023, 2024, 2025, 2026])
def test_holidays_agree_with_the_calendar_of_the_cabinet_office(year):
    with shared_path("data", "codes", f"holidays_{year}.csv").open(encoding="utf-8") as file:
        published = {date.fromisoformat(row[0]): row[1] for row in csv.reader(file)}
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(366)]
    ours = {day: holidays.holiday_name(day) for day in days if day.year == year and holidays.is_holiday(day)}
    assert sorted(ours) == sorted(published)
