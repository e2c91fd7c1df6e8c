"""What stands behind a measured number: the meters there are, their readings, and the events that were counted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Min, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from madoguchi.kit import clock, fiscal
from madoguchi.trust.api import Event, Meter, drill_down, meters, read_meter
from madoguchi.trust.enums import MeterKind

from ..enums import IndicatorKind
from ..models import Indicator
from ..rules.amounts import Amount
from ..rules.expression import Aggregate, MeterExpression, MeterFacts, Reading, parse_meter_expression
from ..rules.units import Unit, convert

SAMPLE = 50
PERIODS = ("fiscal_year", "cumulative", "year_end")
USUAL_PERIOD = {
    IndicatorKind.ANNUAL: "fiscal_year",
    IndicatorKind.CUMULATIVE: "cumulative",
    IndicatorKind.STOCK: "year_end",
}


@dataclass(frozen=True, slots=True)
class Period:
    """The days an indicator is measured over, both inclusive; ``since`` where measuring began later than the first."""

    first: date
    last: date
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """A measured amount in the indicator's unit (None: nothing was measured), its period, and each reading in it."""

    value: Decimal | None
    period: Period
    readings: list[tuple[Reading, Decimal | None]]
    remark: str = ""


def meter_facts() -> dict[str, MeterFacts]:
    """Return every meter of the installation as expressions know it."""
    return {meter.key: _facts(meter) for meter in meters}


def _facts(meter: Meter) -> MeterFacts:
    return MeterFacts(meter.unit, meter.kind.value, frozenset(_filters(meter)), meter.label)


def _filters(meter: Meter) -> set[str]:
    """Return the names by which a flow can be narrowed: its breakdown, and the fields its events really carry."""
    sources = meter.event_sources
    if len(sources) != 1 or meter.kind != MeterKind.FLOW:
        return set()
    names = {sources[0].by} if sources[0].by else set()
    if meter.evidence is None:
        found = Event.objects.filter(key__in=sources[0].keys).order_by("-id").values_list("data", flat=True)[:SAMPLE]
        names |= {name for data in found for name in data if name.isidentifier()}
    return names


def expression_of(indicator: Indicator) -> MeterExpression:
    """Return the checked expression an indicator is bound to; raises like ``parse_meter_expression``."""
    return parse_meter_expression(str(indicator.binding.get("expression", "")), meter_facts())


def period_of(indicator: Indicator, fiscal_year: int, *, chosen: str = "") -> Period:
    """Return the days over which the value of a fiscal year is measured, up to today; ``chosen`` is one of PERIODS."""
    kind = chosen or indicator.binding.get("period") or USUAL_PERIOD[IndicatorKind(indicator.kind)]
    start = indicator.plan.start_fiscal_year if kind == "cumulative" else fiscal_year
    first, last = fiscal.start_of(start), min(fiscal.end_of(fiscal_year), clock.today())
    since = measuring_since()
    return Period(first, last, since if since is not None and since > first else None)


def measuring_since() -> date | None:
    """Return the day of the first event of the municipality: before it nothing could be counted."""
    first = Event.objects.aggregate(first=Min("at"))["first"]
    return None if first is None else clock.local(first).date()


def read(expression: MeterExpression, indicator: Indicator, period: Period) -> Measured:
    """Compute an expression over a period in the indicator's unit."""
    values: dict[Reading, Decimal | None] = {}
    for reading in expression.readings:
        values[reading] = reading_value(reading, period)
    amount: Amount = expression.evaluate(values.__getitem__)
    conversion = convert(amount.unit, Unit.parse(indicator.unit))
    value = None if amount.value is None else amount.value * conversion.factor
    return Measured(value, period, list(values.items()), conversion.remark)


def reading_value(reading: Reading, period: Period) -> Decimal | None:
    """Return what a reading shows over a period; None for days before anything was measured."""
    if period.last < period.first or (period.since is not None and period.since > period.last):
        return None
    total = _narrowed(reading, period) if reading.filters else _whole(reading, period)
    if reading.aggregate is not Aggregate.AVERAGE or meters.get(reading.meter).kind != MeterKind.FLOW or total is None:
        return total
    first = max(period.first, period.since or period.first)
    return total / ((period.last - first).days + 1)


def _whole(reading: Reading, period: Period) -> Decimal | None:
    kind = meters.get(reading.meter).kind
    how = {Aggregate.TOTAL: "sum", Aggregate.LATEST: "last", Aggregate.AVERAGE: "average"}[reading.aggregate]
    if reading.aggregate is Aggregate.AVERAGE and kind != MeterKind.STOCK:
        how = "sum" if kind == MeterKind.FLOW else "ratio"
    return read_meter(reading.meter, period.first, period.last, how=how)


def _narrowed(reading: Reading, period: Period) -> Decimal:
    meter = meters.get(reading.meter)
    name, values = reading.filters[0]
    if len(reading.filters) == 1 and name == meter.event_sources[0].by:
        parts = (read_meter(meter.key, period.first, period.last, dimension=value) for value in values)
        return sum((part or Decimal(0) for part in parts), Decimal(0))
    found = rows_of(reading, period).order_by()
    adds = meter.event_sources[0].adds_quantity
    amount = found.aggregate(amount=Sum("quantity") if adds else Count("pk"))["amount"]
    return Decimal(amount or 0)


def rows_of(reading: Reading, period: Period) -> QuerySet[Any]:
    """Return the events (or the rows a meter names) behind a reading, narrowed as the expression says."""
    found = drill_down(reading.meter, period.first, period.last)
    if found.model is not Event:
        return found
    for name, values in reading.filters:
        wanted: list[Any] = [*values, *(int(value) for value in values if value.isascii() and value.isdecimal())]
        condition = Q()
        for value in wanted:
            condition |= Q(**{f"data__{name}": value})
        found = found.filter(condition)
    return found


@dataclass(frozen=True, slots=True)
class EvidencePart:
    """One reading of an expression: what it is called, what it shows, and the rows behind it."""

    reading: Reading
    label: str
    unit: str
    value: Decimal | None
    rows: QuerySet[Any]


def evidence_of(indicator: Indicator, fiscal_year: int) -> tuple[Measured, list[EvidencePart]]:
    """Return the measured value of a fiscal year and the parts it is made of; raises like ``parse_meter_expression``."""
    measured = read(expression_of(indicator), indicator, period_of(indicator, fiscal_year))
    parts = [
        EvidencePart(
            reading,
            f"{meters.get(reading.meter).label}{filter_words(reading)}",
            meters.get(reading.meter).unit,
            value,
            rows_of(reading, measured.period),
        )
        for reading, value in measured.readings
    ]
    return measured, parts


def filter_words(reading: Reading) -> str:
    """Return how a reading is narrowed, in brackets; empty where it is not."""
    parts = [f"{name}={'・'.join(values)}" for name, values in reading.filters]
    return f"（{'、'.join(parts)}）" if parts else ""


def aggregate_word(aggregate: Aggregate) -> str:
    """Return what putting days together is called."""
    words: dict[Aggregate, Callable[[], str]] = {
        Aggregate.TOTAL: lambda: _("合計"),
        Aggregate.LATEST: lambda: _("最新の値"),
        Aggregate.AVERAGE: lambda: _("平均"),
    }
    return words[aggregate]()
