"""Staleness: the due date of a year decides, then the age of the newest value."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.plan.rules.staleness import Freshness, YearEntry, due_date, judge, months_between

PLAN = range(2023, 2027)


def state(entries: list[YearEntry], today: date, **options: object) -> Freshness:
    return judge(entries=entries, years=PLAN, due_month=5, today=today, **options).freshness  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("month", "expected"),
    [(5, date(2026, 5, 31)), (3, date(2026, 3, 31)), (2, date(2026, 2, 28)), (12, date(2026, 12, 31))],
)
def test_the_due_date_is_the_end_of_the_month_in_the_next_calendar_year(month: int, expected: date) -> None:
    assert due_date(2025, month) == expected


def test_a_year_whose_due_date_passed_without_a_value_is_overdue_from_the_next_day() -> None:
    entries = [YearEntry(2023), YearEntry(2024)]
    assert state(entries, date(2026, 5, 31)) is Freshness.DUE
    made = judge(entries=entries, years=PLAN, due_month=5, today=date(2026, 6, 1))
    assert (made.freshness, made.fiscal_year, made.days_late, made.missing) == (Freshness.OVERDUE, 2025, 1, (2025,))


def test_an_indicator_without_any_value_never_had_one() -> None:
    made = judge(entries=[], years=PLAN, due_month=5, today=date(2026, 11, 20))
    assert made.freshness is Freshness.NEVER
    assert made.missing == (2023, 2024, 2025)


def test_before_the_first_due_date_nothing_is_late() -> None:
    assert state([], date(2023, 9, 1)) is Freshness.NOT_YET
    assert state([], date(2024, 5, 1)) is Freshness.DUE


def test_a_value_of_fifteen_months_ago_is_old_while_the_plan_runs() -> None:
    early = [YearEntry(2023), YearEntry(2024, date(2024, 8, 20))]
    assert state(early, date(2025, 11, 19)) is Freshness.FRESH
    assert state(early, date(2025, 11, 20)) is Freshness.OLD


def test_a_finished_plan_with_its_last_value_asks_for_nothing() -> None:
    entries = [YearEntry(year) for year in PLAN]
    assert state(entries, date(2035, 1, 1)) is Freshness.FRESH


def test_a_gap_in_the_past_is_listed_but_the_last_due_year_decides() -> None:
    made = judge(entries=[YearEntry(2023), YearEntry(2025)], years=PLAN, due_month=5, today=date(2026, 8, 1))
    assert made.freshness is Freshness.FRESH
    assert made.missing == (2024,)


def test_a_meter_that_fell_silent_is_found_within_days() -> None:
    today = date(2026, 11, 20)
    assert state([YearEntry(2026, date(2026, 11, 18))], today, is_metered=True) is Freshness.FRESH
    assert state([YearEntry(2026, date(2026, 11, 16))], today, is_metered=True) is Freshness.SILENT
    assert state([], today, is_metered=True) is Freshness.SILENT


@pytest.mark.parametrize(
    ("earlier", "later", "months"),
    [
        (date(2026, 1, 31), date(2026, 2, 28), 1),
        (date(2026, 1, 31), date(2026, 2, 27), 0),
        (date(2025, 8, 20), date(2026, 11, 19), 14),
        (date(2025, 8, 20), date(2026, 11, 20), 15),
    ],
)
def test_months_are_counted_to_the_day(earlier: date, later: date, months: int) -> None:
    assert months_between(earlier, later) == months


@given(st.lists(st.sampled_from(list(PLAN)), unique=True), st.dates(date(2023, 4, 1), date(2030, 1, 1)))
def test_entering_the_year_that_is_asked_for_settles_it(have: list[int], today: date) -> None:
    entries = [YearEntry(year) for year in have]
    before = judge(entries=entries, years=PLAN, due_month=5, today=today)
    if before.freshness in {Freshness.OVERDUE, Freshness.NEVER}:
        assert before.fiscal_year is not None
        after = judge(entries=[*entries, YearEntry(before.fiscal_year)], years=PLAN, due_month=5, today=today)
        assert after.freshness not in {Freshness.OVERDUE, Freshness.NEVER}
        assert before.days_late >= 1
