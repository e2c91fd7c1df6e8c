"""Measuring bound indicators: the house reads its own meters, so that nobody types what it already knows."""

from __future__ import annotations

import logging
from datetime import date
from decimal import Decimal

from django.db import transaction

from madoguchi.kit import clock, fiscal
from madoguchi.trust.api import roll_up_meters

from ..enums import ActualSource, BindingKind
from ..errors import FrozenPeriodError, PlanError
from ..models import Actual, Indicator
from ..rules.actual_values import written
from ..selectors.actuals import current_actual
from ..selectors.evidence import Measured, expression_of, period_of, read
from .actuals import Entry, accept, append_entry
from .reviews.freezing import require_open_period

logger = logging.getLogger(__name__)

PLACES = Decimal("0.0001")


def measure_indicators() -> int:
    """
    Measure every bound indicator of the municipality in scope; returns how many values are new.

    The value of the running fiscal year is provisional; after its end it is read once more, to 31 March, and is final.
    Doing it again on the same day changes nothing. An expression that no longer works leaves the others alone.
    """
    roll_up_meters()
    written_rows = 0
    for indicator in Indicator.objects.filter(binding_kind=BindingKind.METER).select_related("plan"):
        for year in years_to_measure(indicator):
            try:
                written_rows += measure_indicator(indicator=indicator, fiscal_year=year) is not None
            except PlanError as error:
                logger.warning("indicator %s could not be measured: %s", indicator.pk, type(error).__name__)
    return written_rows


def years_to_measure(indicator: Indicator) -> list[int]:
    """Return the fiscal years that a meter still changes: the running one, and the last one until it is final."""
    today = clock.today()
    current = fiscal.fiscal_year(today)
    if indicator.retired_from is not None and current >= indicator.retired_from:
        return []
    last = current_actual(indicator, current - 1)
    started = indicator.plan.start_fiscal_year <= current - 1
    if started and last is not None and last.is_provisional:
        return [current - 1, current]
    return [current] if indicator.plan.start_fiscal_year <= current else []


def measure_indicator(*, indicator: Indicator, fiscal_year: int) -> Actual | None:
    """
    Read the value of a fiscal year and keep it when it changed; returns the new value, or None.

    Raises ``PlanError`` when the expression does not work any more. A frozen period is left as it is.
    """
    measured = read(expression_of(indicator), indicator, period_of(indicator, fiscal_year))
    if measured.value is None:
        return None
    with transaction.atomic():
        indicator = Indicator.objects.select_for_update().get(pk=indicator.pk)
        return _keep(indicator, fiscal_year, measured)


def _keep(indicator: Indicator, fiscal_year: int, measured: Measured) -> Actual | None:
    as_of = measured.period.last
    try:
        require_open_period(plan=indicator.plan, fiscal_year=fiscal_year, as_of=as_of)
    except FrozenPeriodError:
        return None
    value = float((measured.value or Decimal(0)).quantize(PLACES))
    current = current_actual(indicator, fiscal_year)
    if current is not None and current.source == ActualSource.METER and current.value == value:
        _confirm(current, as_of)
        return None
    note = ""
    if measured.period.since is not None:
        note = f"計測の開始は{measured.period.since.isoformat()}です。それより前は含みません。"
    entry = Entry(value=value, text=written(value, indicator.unit), as_of=as_of, note=note, source=ActualSource.METER)
    actual = append_entry(indicator=indicator, fiscal_year=fiscal_year, entry=entry, actor=None)
    accept(actual=actual, actor=None)
    return actual


def _confirm(current: Actual, as_of: date) -> None:
    """Say that the meter still shows the same: the value stays, the day it speaks of moves on."""
    if current.as_of is None or current.as_of < as_of:
        Actual.objects.filter(pk=current.pk).update(as_of=as_of)
