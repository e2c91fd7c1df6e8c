"""Age as the law counts it (年齢計算ニ関スル法律, 民法第143条): reached at the end of the day before the birthday.

Somebody born on 1 April 2020 reaches six at the end of 31 March 2026, and so enters school in April 2026.
"""

from datetime import date, timedelta

from madoguchi.kit import clock
from madoguchi.kit.deadlines import period_end
from madoguchi.kit.fiscal import fiscal_year, start_of

_ADULT_AT_18_SINCE = date(2022, 4, 1)


def attained_on(birth: date, years: int) -> date:
    """Return the day at whose end the age is reached: the day before the birthday; 28 February for 29 February."""
    if years < 1:
        raise ValueError("an age is reached from the first year on")
    return period_end(birth, months=12 * years)


def age_on(birth: date, day: date) -> int:
    """Return the age reached by the end of a day, by law; raise ValueError for a day before the birth."""
    if day < birth:
        raise ValueError("nobody has an age before being born")
    years = day.year - birth.year
    # The year of the birthday is one too many while it lies ahead, one too few on the day before 1 January.
    return max((n for n in (years - 1, years, years + 1) if n >= 1 and attained_on(birth, n) <= day), default=0)


def legal_age(birth: date) -> int:
    """Return the age by law at the end of today in Japan."""
    return age_on(birth, clock.today())


def everyday_age(birth: date, day: date) -> int:
    """Return the age as people say it, which changes on the birthday (1 March for 29 February in common years)."""
    if day < birth:
        raise ValueError("nobody has an age before being born")
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def is_adult(birth: date, day: date) -> bool:
    """Say whether a person is of age on the day (民法第4条: 18, and 20 before 1 April 2022), from its beginning."""
    limit = 18 if day >= _ADULT_AT_18_SINCE else 20
    return attained_on(birth, limit) < day


def school_entry_fiscal_year(birth: date) -> int:
    """Return the fiscal year a child enters elementary school in (学校教育法第17条): the first after reaching six."""
    first_possible = attained_on(birth, 6) + timedelta(days=1)
    year = fiscal_year(first_possible)
    return year if first_possible == start_of(year) else year + 1
