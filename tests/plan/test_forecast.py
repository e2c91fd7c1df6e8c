"""Forecasts: exact on lines, robust against a wild value, silent with too few."""

from __future__ import annotations

import math
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.kit import fiscal
from madoguchi.plan.rules.forecast import (
    Basis,
    Bounds,
    Certainty,
    Day,
    Forecast,
    NoForecast,
    Reason,
    forecast_flow,
    forecast_level,
    forecast_years,
    needed_per_day,
    theil_sen,
)

YEAR_VALUES = st.lists(st.floats(-1e6, 1e6), min_size=3, max_size=10)


def days_from(first: date, values: list[float]) -> list[Day]:
    return [Day(first + timedelta(days=offset), value) for offset, value in enumerate(values)]


@given(st.floats(-1e3, 1e3), st.floats(-1e5, 1e5), st.integers(3, 12), st.integers(1, 5))
def test_a_straight_line_goes_on_as_it_is(slope: float, start: float, count: int, ahead: int) -> None:
    values = [(2010 + year, start + slope * year) for year in range(count)]
    made = forecast_years(values, 2010 + count - 1 + ahead)
    assert isinstance(made, Forecast)
    assert math.isclose(made.value, start + slope * (count - 1 + ahead), rel_tol=1e-9, abs_tol=1e-6)
    assert math.isclose(made.low, made.high, rel_tol=1e-6, abs_tol=1e-4)


@given(YEAR_VALUES, st.integers(1, 5))
def test_the_value_lies_in_its_range(values: list[float], ahead: int) -> None:
    made = forecast_years(list(enumerate(values, start=2015)), 2014 + len(values) + ahead)
    assert isinstance(made, Forecast)
    assert made.low <= made.value <= made.high


@given(YEAR_VALUES, st.floats(0.5, 100), st.floats(-1e4, 1e4))
def test_another_unit_or_zero_point_gives_the_same_forecast(values: list[float], scale: float, shift: float) -> None:
    plain = forecast_years(list(enumerate(values)), 20)
    moved = forecast_years([(year, value * scale + shift) for year, value in enumerate(values)], 20)
    assert isinstance(plain, Forecast)
    assert isinstance(moved, Forecast)
    assert math.isclose(moved.value, plain.value * scale + shift, rel_tol=1e-6, abs_tol=1e-2)


@given(st.integers(0, 6), st.floats(-1e9, 1e9))
def test_one_wild_year_of_seven_does_not_carry_the_trend_away(place: int, wild: float) -> None:
    points = [(float(x), 10.0 * x) for x in range(7)]
    points[place] = (float(place), wild)
    assert 5 <= theil_sen(points).slope <= 20


@given(st.lists(st.floats(0, 1e6), min_size=3, max_size=8))
def test_what_cannot_be_negative_or_over_a_hundred_stays_there(values: list[float]) -> None:
    made = forecast_years(list(enumerate(values)), 30, bounds=Bounds(0, 100))
    assert isinstance(made, Forecast)
    assert 0 <= made.low <= made.value <= made.high <= 100


@given(st.lists(st.floats(0, 1e6), min_size=3, max_size=8))
def test_a_cumulative_value_never_falls(values: list[float]) -> None:
    made = forecast_years(list(enumerate(values)), 30, rising_only=True)
    assert isinstance(made, Forecast)
    assert made.low >= values[-1]


def test_two_years_are_too_few_and_a_past_year_is_no_forecast() -> None:
    assert forecast_years([(2020, 1.0), (2021, 2.0)], 2024) == NoForecast(Reason.TOO_FEW_YEARS, 2, 3)
    assert forecast_years([(2020, 1.0), (2021, 2.0), (2022, 3.0)], 2022) == NoForecast(Reason.PAST)


def test_a_line_needs_two_different_places() -> None:
    with pytest.raises(ValueError):
        theil_sen([(1.0, 2.0), (1.0, 3.0)])


def test_an_even_pace_fills_the_year() -> None:
    today = date(2026, 9, 30)
    made = forecast_flow(days_from(date(2026, 4, 1), [2.0] * 183), today)
    assert isinstance(made, Forecast)
    assert made.basis is Basis.RUN_RATE
    assert made.value == pytest.approx(2 * 365)
    assert (made.low, made.high) == (pytest.approx(730), pytest.approx(730))
    assert made.certainty is Certainty.NARROW


def test_a_pace_that_changes_from_week_to_week_widens_the_range_but_never_below_what_is_there() -> None:
    values = [float(20 * (day // 7 % 2)) for day in range(60)]
    made = forecast_flow(days_from(date(2026, 4, 1), values), date(2026, 5, 30))
    assert isinstance(made, Forecast)
    assert sum(values) <= made.low < made.value < made.high
    assert made.certainty is Certainty.WIDE


def test_a_pace_begins_where_the_readings_begin() -> None:
    made = forecast_flow(days_from(date(2026, 10, 1), [3.0] * 51), date(2026, 11, 20))
    assert isinstance(made, Forecast)
    assert made.value == pytest.approx(3 * (51 + (date(2027, 3, 31) - date(2026, 11, 20)).days))


def test_the_season_of_past_years_says_what_is_still_to_come() -> None:
    """March brings half of the year: a pace that runs on would miss it."""
    season = [
        Day(date(year, 4, 1) + timedelta(days=day), 300.0 if day == 350 else 1.0)
        for year in (2024, 2025)
        for day in range(365)
    ]
    this_year = days_from(date(2026, 4, 1), [2.0] * 234)
    made = forecast_flow(season + this_year, date(2026, 11, 20))
    assert isinstance(made, Forecast)
    assert made.basis is Basis.SEASONAL
    assert made.years == 2
    assert made.value == pytest.approx(2 * (364 + 300), rel=0.01)


def test_thirty_days_are_the_least() -> None:
    made = forecast_flow(days_from(date(2026, 4, 1), [1.0] * 29), date(2026, 4, 29))
    assert made == NoForecast(Reason.TOO_FEW_DAYS, 29, 30)
    assert isinstance(forecast_flow(days_from(date(2026, 4, 1), [1.0] * 30), date(2026, 4, 30)), Forecast)
    assert forecast_flow([], date(2026, 9, 1)) == NoForecast(Reason.TOO_FEW_DAYS, 0, 30)


@given(st.lists(st.floats(0, 1e4), min_size=30, max_size=200), st.floats(0.1, 50))
def test_a_flow_scales_with_its_unit_and_never_falls_below_what_is_counted(values: list[float], scale: float) -> None:
    first = date(2026, 4, 1)
    today = first + timedelta(days=len(values) - 1)
    plain = forecast_flow(days_from(first, values), today)
    scaled = forecast_flow(days_from(first, [value * scale for value in values]), today)
    assert isinstance(plain, Forecast)
    assert isinstance(scaled, Forecast)
    assert plain.value >= sum(values) * (1 - 1e-9)
    assert plain.low <= plain.value * (1 + 1e-9)
    assert math.isclose(scaled.value, plain.value * scale, rel_tol=1e-6, abs_tol=1e-6)


def test_a_level_goes_on_by_its_trend_to_the_end_of_the_year() -> None:
    days = days_from(date(2026, 5, 1), [100.0 + 2 * day for day in range(200)])
    made = forecast_level(days, 2026)
    assert isinstance(made, Forecast)
    assert made.basis is Basis.DAILY_TREND
    assert made.value == pytest.approx(100 + 2 * (fiscal.end_of(2026) - date(2026, 5, 1)).days)
    assert made.points <= 91


def test_a_level_needs_eight_readings_over_a_month() -> None:
    week = days_from(date(2026, 10, 1), [1.0] * 20)
    assert forecast_level(week, 2026) == NoForecast(Reason.TOO_FEW_DAYS, 20, 30)
    sparse = [Day(date(2026, 6, 1) + timedelta(days=30 * month), 1.0) for month in range(5)]
    assert forecast_level(sparse, 2026) == NoForecast(Reason.TOO_FEW_DAYS, 5, 30)
    assert forecast_level([], 2026) == NoForecast(Reason.TOO_FEW_DAYS, 0, 8)
    assert forecast_level(days_from(date(2026, 4, 1), [1.0] * 365), 2026) == NoForecast(Reason.PAST)


@given(st.floats(0, 1e6), st.floats(0, 1e6), st.dates(date(2026, 4, 1), date(2027, 3, 30)))
def test_the_needed_pace_reaches_the_target_exactly(so_far: float, target: float, today: date) -> None:
    pace = needed_per_day(so_far, target, today, 2026)
    assert pace is not None
    left = (date(2027, 3, 31) - today).days
    assert math.isclose(so_far + pace * left, max(target, so_far), rel_tol=1e-9, abs_tol=1e-6)
    assert needed_per_day(so_far, target, date(2027, 3, 31), 2026) is None
