from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.kit import ages, clock

BIRTHS = st.dates(date(1900, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("birth", "day", "age"),
    [
        (date(2020, 4, 1), date(2026, 3, 31), 6),
        (date(2020, 4, 1), date(2026, 3, 30), 5),
        (date(2020, 4, 2), date(2026, 3, 31), 5),
        (date(2004, 2, 29), date(2025, 2, 27), 20),
        (date(2004, 2, 29), date(2025, 2, 28), 21),
        (date(2004, 2, 29), date(2024, 2, 28), 20),
        (date(2026, 1, 1), date(2026, 1, 1), 0),
        (date(2025, 1, 1), date(2025, 12, 31), 1),
    ],
)
def test_an_age_is_reached_at_the_end_of_the_day_before_the_birthday(birth, day, age):
    assert ages.age_on(birth, day) == age


@given(BIRTHS, st.integers(1, 120))
def test_an_age_changes_exactly_on_the_day_it_is_attained(birth, years):
    day = ages.attained_on(birth, years)
    assert ages.age_on(birth, day) == years
    assert ages.age_on(birth, day - timedelta(days=1)) == years - 1


@given(BIRTHS, st.integers(0, 40000))
def test_the_age_by_law_is_the_everyday_age_of_the_next_day(birth, days):
    day = birth + timedelta(days=days)
    assert ages.age_on(birth, day) == ages.everyday_age(birth, day + timedelta(days=1))


@pytest.mark.parametrize(
    ("birth", "year"),
    [(date(2020, 4, 1), 2026), (date(2020, 4, 2), 2027), (date(2021, 3, 31), 2027), (date(2021, 1, 1), 2027)],
)
def test_a_child_enters_school_in_the_april_after_reaching_six(birth, year):
    assert ages.school_entry_fiscal_year(birth) == year


@given(BIRTHS)
def test_children_born_from_2_april_to_1_april_enter_school_together(birth):
    cohort = birth.year if (birth.month, birth.day) >= (4, 2) else birth.year - 1
    assert ages.school_entry_fiscal_year(birth) == cohort + 7


@pytest.mark.parametrize(
    ("birth", "day", "adult"),
    [
        (date(2004, 4, 1), date(2022, 3, 31), False),
        (date(2004, 4, 1), date(2022, 4, 1), True),
        (date(2002, 4, 1), date(2022, 3, 31), False),
        (date(2002, 3, 31), date(2022, 3, 31), True),
        (date(2008, 11, 20), date(2026, 11, 19), False),
        (date(2008, 11, 20), date(2026, 11, 20), True),
    ],
)
def test_people_are_of_age_from_their_birthday_at_18_and_at_20_before_the_change(birth, day, adult):
    assert ages.is_adult(birth, day) is adult


def test_legal_age_is_counted_in_japan():
    with clock.frozen(datetime(2026, 3, 30, 15, 30, tzinfo=UTC)):
        assert ages.legal_age(date(2020, 4, 1)) == 6


@pytest.mark.parametrize("count", [ages.age_on, ages.everyday_age])
def test_nobody_has_an_age_before_being_born(count):
    with pytest.raises(ValueError, match="before being born"):
        count(date(2026, 1, 2), date(2026, 1, 1))


def test_an_age_below_one_is_not_attained():
    with pytest.raises(ValueError, match="first year"):
        ages.attained_on(date(2026, 1, 2), 0)
