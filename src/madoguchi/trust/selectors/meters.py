"""Reading meters: for a period from the daily readings, for today from the source itself, and the evidence behind."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import TruncDate

from madoguchi.kit import clock

from ..enums import MeterKind
from ..models import Event, MeterReading, Municipality, municipality_in_scope
from ..registry import EventSource, Measure, Meter, Share, meters

HOW = {MeterKind.FLOW: "sum", MeterKind.STOCK: "last", MeterKind.RATIO: "ratio"}


@dataclass(frozen=True, slots=True)
class DayValue:
    """What a meter shows on a day; a ratio carries both its parts."""

    day: date
    value: Decimal
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    dimension: str = ""


def read_meter(key: str, from_date: date, to_date: date, *, how: str = "", dimension: str = "") -> Decimal | None:
    """
    Return what a meter showed from a day to a day (both inclusive), None where nothing was measured.

    ``how``: ``sum``, ``last``, ``average``, ``maximum``, ``minimum`` or ``ratio`` (sum of numerators ÷ sum of denominators);
    by default what fits the kind. Raises ``UnknownKeyError`` for a meter nobody registered, ``ValueError`` for another ``how``.
    """
    meter = meters.get(key)
    days = meter_series(key, from_date, to_date, dimension=dimension)
    return _put_together(how or HOW[meter.kind], meter, days)


def meter_series(key: str, from_date: date, to_date: date, *, dimension: str = "") -> list[DayValue]:
    """
    Return the days of a period on which a meter was read, in order; today comes live from the source.

    Days on which nothing happened are absent: zero for a flow, a gap for a stock.
    """
    meter, today = meters.get(key), clock.today()
    stored = MeterReading.objects.filter(meter=key, dimension=dimension, day__gte=from_date, day__lte=to_date)
    days = [
        DayValue(row.day, row.value, row.numerator, row.denominator, dimension)
        for row in stored.order_by("day")
        if row.day != today
    ]
    if from_date <= today <= to_date:
        days += [live for live in measure_days(meter, [today]) if live.dimension == dimension]
    return sorted(days, key=lambda found: found.day)


def live_value(key: str) -> Decimal | None:
    """Return what a meter shows today, up to this moment; a flow begins each day with zero."""
    meter = meters.get(key)
    found = [live.value for live in measure_days(meter, [clock.today()]) if live.dimension == ""]
    return found[0] if found else (Decimal(0) if meter.kind == MeterKind.FLOW else None)


def dimensions_of(key: str, from_date: date, to_date: date) -> list[str]:
    """Return the values by which a meter is broken down in a period."""
    rows = MeterReading.objects.filter(meter=key, day__gte=from_date, day__lte=to_date).exclude(dimension="")
    return list(rows.order_by("dimension").values_list("dimension", flat=True).distinct())


def drill_down(key: str, from_date: date, to_date: date) -> QuerySet[Any]:
    """Return the evidence of a period: the events that were counted, or the rows the meter names; newest first for events."""
    meter = meters.get(key)
    if meter.evidence is not None:
        return meter.evidence(municipality_in_scope(), from_date, to_date)
    found = Event.objects.none()
    for source in meter.event_sources:
        found = found | events_of(source, from_date, to_date)
    return found.order_by("-at", "-id")


def events_of(source: EventSource, from_date: date, to_date: date) -> QuerySet[Event]:
    """Return the events of a source that happened from a day to a day, in Japanese time."""
    found = Event.objects.filter(
        key__in=source.keys, at__gte=_begin(from_date), at__lt=_begin(to_date + timedelta(days=1))
    )
    for name, wanted in source.where.items():
        many = isinstance(wanted, tuple | list | set | frozenset)
        found = found.filter(**{f"data__{name}__in": list(wanted)} if many else {f"data__{name}": wanted})
    return found


def measure_days(meter: Meter, days: Iterable[date]) -> list[DayValue]:
    """Ask the source of a meter for some days; a day without a value is left out."""
    wanted = sorted(set(days))
    if not wanted:
        return []
    if isinstance(meter.source, Share):
        return _measure_share(meter, meter.source, wanted)
    return _measure_part(meter.source, wanted)


def _measure_share(meter: Meter, share: Share, days: list[date]) -> list[DayValue]:
    above = {found.day: found.value for found in _measure_part(share.numerator, days) if not found.dimension}
    below = {found.day: found.value for found in _measure_part(share.denominator, days) if not found.dimension}
    return [
        DayValue(day, ratio_of(meter, above.get(day, Decimal(0)), below[day]), above.get(day, Decimal(0)), below[day])
        for day in days
        if below.get(day)
    ]


def _measure_part(source: EventSource | Measure, days: list[date]) -> list[DayValue]:
    if isinstance(source, EventSource):
        return _count_events(source, days)
    municipality: Municipality = municipality_in_scope()
    measured = ((day, source(municipality, day)) for day in days)
    return [DayValue(day, Decimal(value)) for day, value in measured if value is not None]


def _count_events(source: EventSource, days: list[date]) -> list[DayValue]:
    found = events_of(source, days[0], days[-1]).annotate(day=TruncDate("at", tzinfo=clock.TOKYO)).order_by()
    amount = Sum("quantity") if source.adds_quantity else Count("pk")
    wanted = set(days)
    totals = found.values_list("day").annotate(amount=amount)
    counted = [DayValue(day, Decimal(value or 0)) for day, value in totals if day in wanted]
    if source.by:
        parts = (
            found.annotate(part=KeyTextTransform(source.by, "data")).values_list("day", "part").annotate(amount=amount)
        )
        counted += [
            DayValue(day, Decimal(value or 0), dimension=str(part)[:80])
            for day, part, value in parts
            if day in wanted and part
        ]
    return counted


def ratio_of(meter: Meter, numerator: Decimal, denominator: Decimal) -> Decimal:
    """Return a ratio as its meter shows it: in percent where the unit is %, with four decimal places."""
    scale = 100 if meter.unit == "%" else 1
    return (numerator * scale / denominator).quantize(Decimal("0.0001"))


def _put_together(how: str, meter: Meter, days: list[DayValue]) -> Decimal | None:
    values = [found.value for found in days]
    if how == "sum":
        return sum(values, Decimal(0)) if values or meter.kind == MeterKind.FLOW else None
    if how not in {"last", "average", "maximum", "minimum", "ratio"}:
        raise ValueError(f"a meter cannot be read by {how!r}")
    if not values:
        return None
    if how == "ratio":
        below = sum((found.denominator or Decimal(0) for found in days), Decimal(0))
        return (
            ratio_of(meter, sum((found.numerator or Decimal(0) for found in days), Decimal(0)), below)
            if below
            else None
        )
    return {
        "last": values[-1],
        "average": (sum(values, Decimal(0)) / len(values)).quantize(Decimal("0.0001")),
        "maximum": max(values),
        "minimum": min(values),
    }[how]


def _begin(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=clock.TOKYO)
