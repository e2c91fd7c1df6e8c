"""Forecasts of an indicator to the end of the fiscal year or of the plan, with their basis and uncertainty."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from statistics import median

from madoguchi.kit import fiscal

Z_80 = 1.2815515655446004
"""Half-width of the central 80 % of a normal distribution: what a range "in four cases of five" means."""
MIN_YEARS = 3
MIN_DAYS = 30
MIN_READINGS = 8
WINDOW_DAYS = 180
MAX_POINTS = 90
MIN_SHARE = 0.05


class Basis(StrEnum):
    """What a forecast rests on."""

    SEASONAL = "seasonal"
    RUN_RATE = "run_rate"
    DAILY_TREND = "daily_trend"
    YEARLY_TREND = "yearly_trend"


class Certainty(StrEnum):
    """How wide the range is, in words a page can translate."""

    NARROW = "narrow"
    MEDIUM = "medium"
    WIDE = "wide"


class Reason(StrEnum):
    """Why there is no forecast."""

    TOO_FEW_YEARS = "too_few_years"
    TOO_FEW_DAYS = "too_few_days"
    PAST = "past"


@dataclass(frozen=True, slots=True)
class Day:
    """What a day showed: the quantity of that day (flow) or the level on that day (stock)."""

    day: date
    value: float


@dataclass(frozen=True, slots=True)
class Forecast:
    """
    A forecast for the end of a fiscal year: the value and the range it falls into in four cases of five.

    ``points`` says on how many values (years or days) it rests; ``years`` how many whole past years gave the season.
    """

    fiscal_year: int
    value: float
    low: float
    high: float
    basis: Basis
    points: int
    years: int = 0

    @property
    def certainty(self) -> Certainty:
        """How wide the range is compared with the value."""
        width = (self.high - self.low) / max(abs(self.value), 1e-9)
        return Certainty.NARROW if width <= 0.1 else Certainty.MEDIUM if width <= 0.3 else Certainty.WIDE


@dataclass(frozen=True, slots=True)
class NoForecast:
    """There is no forecast, and why: how many values there are and how many it takes."""

    reason: Reason
    have: int = 0
    need: int = 0


@dataclass(frozen=True, slots=True)
class Bounds:
    """What the indicator cannot fall below or rise above (a count below 0, a percentage above 100)."""

    low: float = -math.inf
    high: float = math.inf

    def hold(self, value: float) -> float:
        """Return the value within the bounds."""
        return min(max(value, self.low), self.high)


ANYTHING = Bounds()


@dataclass(frozen=True, slots=True)
class Line:
    """A robust line through points (Theil–Sen) with the central 80 % of its slope."""

    slope: float
    intercept: float
    low: float
    high: float

    def at(self, x: float) -> float:
        """Return the height at ``x``."""
        return self.intercept + self.slope * x


def theil_sen(points: Sequence[tuple[float, float]]) -> Line:
    """
    Fit a line by the median of the slopes between all pairs (Theil 1950, Sen 1968); at least two different x.

    One third of the points may be wild without moving it far. The range of the slope is Sen's, from Kendall's S.
    """
    slopes = sorted(
        (later[1] - earlier[1]) / (later[0] - earlier[0])
        for position, earlier in enumerate(points)
        for later in points[position + 1 :]
        if later[0] != earlier[0]
    )
    if not slopes:
        raise ValueError("a line needs two points that differ in x")
    slope, n = median(slopes), len(points)
    spread = Z_80 * math.sqrt(n * (n - 1) * (2 * n + 5) / 18)
    first = max(int((len(slopes) - spread) / 2), 0)
    last = min(math.ceil((len(slopes) + spread) / 2), len(slopes) - 1)
    return Line(slope, median(y - slope * x for x, y in points), slopes[first], slopes[last])


def forecast_years(
    values: Sequence[tuple[int, float]], fiscal_year: int, *, bounds: Bounds = ANYTHING, rising_only: bool = False
) -> Forecast | NoForecast:
    """
    Forecast the value of a later fiscal year from yearly values (fiscal year, value), at least three.

    ``rising_only`` is for cumulative values, which never fall below the last one.
    """
    known = sorted(dict(values).items())
    if len(known) < MIN_YEARS:
        return NoForecast(Reason.TOO_FEW_YEARS, len(known), MIN_YEARS)
    if fiscal_year <= known[-1][0]:
        return NoForecast(Reason.PAST)
    held = Bounds(max(bounds.low, known[-1][1]), bounds.high) if rising_only else bounds
    points = [(float(year), value) for year, value in known]
    return _project(points, float(fiscal_year), fiscal_year, Basis.YEARLY_TREND, held)


def forecast_level(
    days: Sequence[Day], fiscal_year: int, *, bounds: Bounds = ANYTHING, rising_only: bool = False
) -> Forecast | NoForecast:
    """
    Forecast a level (stock or cumulative value) at the end of a fiscal year from daily levels of the last 180 days.

    It takes at least eight readings over at least 30 days.
    """
    known = sorted({day.day: day.value for day in days}.items())
    end = fiscal.end_of(fiscal_year)
    if not known or known[-1][0] >= end:
        return NoForecast(Reason.PAST) if known else NoForecast(Reason.TOO_FEW_DAYS, 0, MIN_READINGS)
    last = known[-1][0]
    recent = [(day, value) for day, value in known if (last - day).days < WINDOW_DAYS]
    span = (last - recent[0][0]).days + 1
    if len(recent) < MIN_READINGS or span < MIN_DAYS:
        return NoForecast(Reason.TOO_FEW_DAYS, min(len(recent), span), MIN_DAYS)
    points = [(float((day - last).days), value) for day, value in _thinned(recent)]
    held = Bounds(max(bounds.low, known[-1][1]), bounds.high) if rising_only else bounds
    return _project(points, float((end - last).days), fiscal_year, Basis.DAILY_TREND, held)


def _thinned(days: list[tuple[date, float]]) -> list[tuple[date, float]]:
    """Keep about 90 evenly spaced readings, always with the last one: pairs grow with the square."""
    step = max(math.ceil(len(days) / MAX_POINTS), 1)
    return days[::-1][::step][::-1]


def _project(points: list[tuple[float, float]], x: float, fiscal_year: int, basis: Basis, bounds: Bounds) -> Forecast:
    """Extend the line from its height at the last point on; the range opens with the distance and the scatter."""
    line = theil_sen(points)
    start, ahead = points[-1][0], x - points[-1][0]
    scatter = sorted(y - line.at(px) for px, y in points)
    below, above = _quantile(scatter, 0.1), _quantile(scatter, 0.9)
    base = line.at(start)
    value = base + line.slope * ahead
    low, high = base + line.low * ahead + min(below, 0.0), base + line.high * ahead + max(above, 0.0)
    return Forecast(
        fiscal_year,
        bounds.hold(value),
        bounds.hold(min(low, value)),
        bounds.hold(max(high, value)),
        basis,
        len(points),
    )


def _quantile(ordered: Sequence[float], part: float) -> float:
    position = part * (len(ordered) - 1)
    below = math.floor(position)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (position - below)


def forecast_flow(days: Sequence[Day], today: date, *, bounds: Bounds = ANYTHING) -> Forecast | NoForecast:
    """
    Forecast the total of the fiscal year of ``today`` from daily quantities; days without a row count as 0.

    With whole past years the share of the year that lay before this day in those years says how much is still to come
    (seasonal); otherwise the pace so far goes on (run rate). It takes 30 days of the year.
    """
    year = fiscal.fiscal_year(today)
    quantities = {day.day: day.value for day in days if day.day <= today}
    start, end = fiscal.start_of(year), fiscal.end_of(year)
    first = max(start, min(quantities, default=today))
    elapsed = (today - first).days + 1
    if elapsed < MIN_DAYS:
        return NoForecast(Reason.TOO_FEW_DAYS, elapsed if quantities else 0, MIN_DAYS)
    so_far = sum(value for day, value in quantities.items() if day >= start)
    shares = _past_shares(quantities, today)
    if shares and first == start:
        return _seasonal(so_far, shares, year, elapsed, bounds)
    return _run_rate(quantities, so_far, first, today, (end - today).days, bounds)


def _past_shares(quantities: dict[date, float], today: date) -> list[float]:
    """Return, for every whole past fiscal year, which share of its total lay before the present day of the year."""
    year, first = fiscal.fiscal_year(today), min(quantities)
    shares = []
    for past in range(fiscal.fiscal_year(first), year):
        if first > fiscal.start_of(past):
            continue
        total = sum(value for day, value in quantities.items() if fiscal.fiscal_year(day) == past)
        until = _same_day(today, past)
        before = sum(value for day, value in quantities.items() if fiscal.start_of(past) <= day <= until)
        if total > 0 and before / total >= MIN_SHARE:
            shares.append(min(before / total, 1.0))
    return shares


def _same_day(today: date, past: int) -> date:
    year = past if today.month >= 4 else past + 1
    return date(year, 2, 28) if (today.month, today.day) == (2, 29) else today.replace(year=year)


def _seasonal(so_far: float, shares: list[float], year: int, elapsed: int, bounds: Bounds) -> Forecast:
    value = so_far / median(shares)
    low, high = so_far / max(shares), so_far / min(shares)
    if len(shares) == 1:
        # One year alone does not say how far years differ: allow what is still to come a tenth either way.
        low, high = value - (value - so_far) * 0.1, value + (value - so_far) * 0.1
    return Forecast(year, bounds.hold(value), bounds.hold(low), bounds.hold(high), Basis.SEASONAL, elapsed, len(shares))


def _run_rate(
    quantities: dict[date, float], so_far: float, first: date, today: date, left: int, bounds: Bounds
) -> Forecast:
    elapsed = (today - first).days + 1
    value = so_far + so_far / elapsed * left
    spread = Z_80 * _daily_error(quantities, first, elapsed // 7) * left
    year = fiscal.fiscal_year(today)
    low, high = max(value - spread, so_far) if so_far >= 0 else value - spread, value + spread
    return Forecast(year, bounds.hold(value), bounds.hold(low), bounds.hold(high), Basis.RUN_RATE, elapsed)


def _daily_error(quantities: dict[date, float], first: date, weeks: int) -> float:
    """Return the standard error of the daily pace from how whole weeks differ (days differ by the weekday alone)."""
    totals = [
        sum(quantities.get(first + timedelta(days=7 * week + day), 0.0) for day in range(7)) for week in range(weeks)
    ]
    mean = sum(totals) / weeks
    variance = sum((total - mean) ** 2 for total in totals) / (weeks - 1)
    return math.sqrt(variance / weeks) / 7


def needed_per_day(so_far: float, target: float, today: date, fiscal_year: int) -> float | None:
    """Return how much each remaining day of the fiscal year must bring to reach a target; None once the year is over."""
    left = (fiscal.end_of(fiscal_year) - today).days
    return None if left <= 0 else max(target - so_far, 0.0) / left
