"""Ages and school years as ranges of days of birth, so that the database can find them by an index."""

from __future__ import annotations

from datetime import date, timedelta

from madoguchi.kit.fiscal import fiscal_year

GRADES: dict[str, int] = {
    "kinder3": -3,
    "kinder4": -2,
    "kinder5": -1,
    **{f"elementary{n}": n - 1 for n in range(1, 7)},
    **{f"junior{n}": n + 5 for n in range(1, 4)},
    **{f"high{n}": n + 8 for n in range(1, 4)},
}
"""School year (学年) → years since the entry into elementary school: 年少 to 年長, 小1 to 小6, 中1 to 中3, 高1 to 高3."""

_ENTRY = 7
_OLDEST = 150


def births_of_ages(first: int | None, last: int | None, on: date) -> tuple[date | None, date]:
    """
    Return the first and the last day of birth of people who have completed ``first`` to ``last`` years at the end of ``on``.

    Ages are those of the law (年齢計算ニ関スル法律: reached at the end of the day before the birthday). The first day is None where
    there is no upper limit; the last is never after ``on``, so that nobody unborn is meant.
    """
    latest = on if not first else _latest_birth(first, on)
    earliest = None if last is None or last >= _OLDEST else _latest_birth(last + 1, on) + timedelta(days=1)
    return earliest, latest


def _latest_birth(years: int, on: date) -> date:
    """Return the last day of birth with which this age is reached by the end of a day."""
    birthday = on + timedelta(days=1)
    try:
        return birthday.replace(year=birthday.year - years)
    except ValueError:  # 29 February, in a year that has none
        return date(birthday.year - years, 2, 28)


def births_of_grade(grade: str, year: int) -> tuple[date, date]:
    """
    Return the first and the last day of birth of children who are in a school year in a fiscal year (学校教育法第17条).

    Raises ``KeyError`` for a school year there is not.
    """
    entry = year - GRADES[grade]
    return date(entry - _ENTRY, 4, 2), date(entry - _ENTRY + 1, 4, 1)


def present_year(today: date) -> int:
    """Return the fiscal year of a day."""
    return fiscal_year(today)
