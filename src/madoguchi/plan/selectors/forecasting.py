"""Forecasts of indicators with what they rest on, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from madoguchi.kit import clock, fiscal
from madoguchi.trust.api import DayValue, meter_series

from ..enums import IndicatorKind, IndicatorType
from ..errors import PlanError
from ..models import Indicator
from ..rules.expression import Aggregate, MeterExpression
from ..rules.forecast import (
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
)
from ..rules.units import Unit, convert
from .actuals import approved_actuals, is_metered
from .evidence import expression_of, measuring_since, period_of

SEASONS_BACK = 3


@dataclass(frozen=True, slots=True)
class Outlook:
    """
    What is to be expected: at the end of the running fiscal year (where daily readings tell) and at the end of the plan.

    ``pace`` is what each remaining day of the year must bring to reach its target, None where that cannot be said.
    """

    this_year: Forecast | NoForecast | None
    plan_end: Forecast | NoForecast | None
    pace: float | None = None


def outlook(indicator: Indicator) -> Outlook | None:
    """Return the outlook of an indicator measured in numbers; None where there is nothing to look forward to."""
    if indicator.type in {IndicatorType.MILESTONE, IndicatorType.EXISTENCE}:
        return None
    values = yearly_values(indicator)
    end, current = indicator.plan.end_fiscal_year, fiscal.fiscal_year(clock.today())
    is_open = end >= current and end > max(values, default=end - 1)
    plan_end = _over_years(indicator, values, end) if is_open else None
    days = daily_values(indicator) if is_metered(indicator) else None
    if days is None:
        return Outlook(None, plan_end) if plan_end else None
    running = _over_days(indicator, days)
    so_far = sum(day.value for day in days.days if fiscal.fiscal_year(day.day) == current)
    target = next((item.value for item in indicator.targets.all() if item.fiscal_year == current), None)
    counts_up = days.are_quantities and target is not None
    pace = needed_per_day(so_far, target or 0.0, clock.today(), current) if counts_up else None
    return Outlook(running, plan_end, pace)


def yearly_values(indicator: Indicator) -> dict[int, float]:
    """Return the approved yearly values with the baseline; provisional ones are left out."""
    values: dict[int, float] = {}
    if indicator.baseline_fiscal_year is not None and indicator.baseline_value is not None:
        values[indicator.baseline_fiscal_year] = indicator.baseline_value
    for actual in approved_actuals().filter(indicator=indicator).order_by("fiscal_year", "id"):
        if actual.value is not None and not actual.is_provisional:
            values[actual.fiscal_year] = actual.value
    return values


def _over_years(indicator: Indicator, values: dict[int, float], year: int) -> Forecast | NoForecast:
    rising = indicator.kind == IndicatorKind.CUMULATIVE
    return forecast_years(list(values.items()), year, bounds=bounds_of(indicator, values), rising_only=rising)


def bounds_of(indicator: Indicator, values: dict[int, float]) -> Bounds:
    """Return what the indicator cannot leave: never below 0 unless it was, a percentage of a whole never above 100."""
    low = 0.0 if all(value >= 0 for value in values.values()) else Bounds().low
    known = [*values.values(), *(target.value for target in indicator.targets.all() if target.value is not None)]
    is_share = indicator.type == IndicatorType.RATIO and indicator.unit == "%"
    return Bounds(low, 100.0) if is_share and all(value <= 100 for value in known) else Bounds(low)


@dataclass(frozen=True, slots=True)
class DailyValues:
    """What each day showed: quantities of the day that add up over the year, or levels."""

    days: list[Day]
    are_quantities: bool


def _over_days(indicator: Indicator, found: DailyValues) -> Forecast | NoForecast:
    bounds = bounds_of(indicator, {})
    if found.are_quantities:
        return forecast_flow(found.days, clock.today(), bounds=bounds)
    rising = indicator.kind == IndicatorKind.CUMULATIVE
    return forecast_level(found.days, fiscal.fiscal_year(clock.today()), bounds=bounds, rising_only=rising)


def daily_values(indicator: Indicator) -> DailyValues | None:
    """
    Return the daily readings of an indicator that is bound to a single meter, in its own unit; else None.

    A flow gives the quantity of each day (added up for a cumulative indicator), a stock its level.
    """
    try:
        expression = expression_of(indicator)
        factor = float(convert(expression.unit, Unit.parse(indicator.unit)).factor)
    except PlanError:
        return None
    if not _is_single(expression):
        return None
    is_flow = expression.readings[0].aggregate is Aggregate.TOTAL
    days = [Day(found.day, float(found.value) * factor) for found in _series(indicator, expression)]
    if not is_flow:
        return DailyValues(days, are_quantities=False)
    days = _with_first_day(days, _first_day(indicator))
    if indicator.kind == IndicatorKind.CUMULATIVE:
        return DailyValues(_added_up(days), are_quantities=False)
    return DailyValues(days, are_quantities=True)


def _first_day(indicator: Indicator) -> date:
    """Return the day from which readings matter: the start of the plan for what adds up, else three years back."""
    current = fiscal.fiscal_year(clock.today())
    if indicator.kind == IndicatorKind.CUMULATIVE:
        return period_of(indicator, current).first
    return fiscal.start_of(current - SEASONS_BACK)


def _series(indicator: Indicator, expression: MeterExpression) -> list[DayValue]:
    return meter_series(expression.readings[0].meter, _first_day(indicator), clock.today())


def _with_first_day(days: list[Day], first: date) -> list[Day]:
    """Say that counting began though nothing happened on that day: else a quiet first day would look like no counting."""
    since = measuring_since()
    begin = first if since is None else max(first, since)
    return days if days and days[0].day <= begin else [Day(begin, 0.0), *days]


def _is_single(expression: MeterExpression) -> bool:
    """Tell whether an expression is one unfiltered reading as it is, so that its days can be shown one by one."""
    bare = expression.text.replace(" ", "")
    keys = [reading.meter for reading in expression.readings]
    if len(keys) != 1 or expression.readings[0].filters or expression.readings[0].aggregate is Aggregate.AVERAGE:
        return False
    return bare in {keys[0], f"total({keys[0]})", f"latest({keys[0]})"}


def _added_up(days: list[Day]) -> list[Day]:
    total, found = 0.0, []
    for day in days:
        total += day.value
        found.append(Day(day.day, total))
    return found


def basis_words(made: Forecast) -> str:
    """Return what a forecast rests on."""
    match made.basis:
        case Basis.SEASONAL:
            return _("今年度%(days)s日間の値と、過去%(years)s年の同じ時期までの割合からの予測です。") % {
                "days": made.points, "years": made.years,
            }  # fmt: skip
        case Basis.RUN_RATE:
            return _("今年度%(days)s日間のペースが続くとした予測です。季節による違いは含みません。") % {
                "days": made.points
            }
        case Basis.DAILY_TREND:
            return _("最近の%(days)s日分の値の傾向（中央値による直線）を延ばした予測です。") % {"days": made.points}
    return _("過去%(years)s年の値の傾向（中央値による直線）を延ばした予測です。") % {"years": made.points}


def certainty_words(made: Forecast) -> str:
    """Return how sure a forecast is."""
    return {
        Certainty.NARROW: _("ぶれは小さい見込みです。"),
        Certainty.MEDIUM: _("ある程度ぶれる見込みです。目安としてご覧ください。"),
        Certainty.WIDE: _("大きくぶれる見込みです。参考にとどめてください。"),
    }[made.certainty]


def refusal_words(refused: NoForecast) -> str:
    """Return why there is no forecast."""
    return {
        Reason.TOO_FEW_YEARS: _("予測には%(need)s年分の実績が必要です（今は%(have)s年分）。"),
        Reason.TOO_FEW_DAYS: _("予測には%(need)s日分の計測が必要です（今は%(have)s日分）。"),
        Reason.PAST: _("期間が終わっているため、予測はありません。"),
    }[refused.reason] % {"need": refused.need, "have": refused.have}
