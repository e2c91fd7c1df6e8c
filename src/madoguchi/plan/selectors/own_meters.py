"""The plan room's own meters: values entered, indicators gone stale, rounds closed, share of indicators in order."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from madoguchi.kit import clock
from madoguchi.trust.api import Meter, Municipality, Share, count_events
from madoguchi.trust.enums import MeterKind

from .. import events
from ..enums import ActualSource
from ..models import Indicator
from .loading import with_values
from .staleness import judge_indicator


def _stale_and_all() -> tuple[list[int], int]:
    found = list(with_values(Indicator.objects.all()))
    stale = [indicator.pk for indicator in found if judge_indicator(indicator).freshness.is_stale]
    return stale, len(found)


def count_stale(municipality: Municipality, day: date) -> int | None:
    """Return how many indicators are stale; only for today, since what was known on another day is not kept."""
    return len(_stale_and_all()[0]) if day == clock.today() else None


def count_in_order(municipality: Municipality, day: date) -> int | None:
    """Return how many indicators have the values they should have today."""
    if day != clock.today():
        return None
    stale, count = _stale_and_all()
    return count - len(stale)


def count_all(municipality: Municipality, day: date) -> int | None:
    """Return how many indicators there are today."""
    return Indicator.objects.count() if day == clock.today() else None


def stale_rows(municipality: Municipality, from_date: date, to_date: date) -> QuerySet[Indicator]:
    """Return the indicators that are stale now."""
    return Indicator.objects.filter(pk__in=_stale_and_all()[0]).order_by("order", "pk")


ENTERED_BY_OTHERS = (ActualSource.MANUAL.value, ActualSource.CSV.value, ActualSource.PUSH.value)
OWN_METERS = (
    Meter(
        key="plan.actual.entered",
        unit="件",
        kind=MeterKind.FLOW,
        label="入力された実績の数",
        description="手入力、CSV、外部システムから入った実績の数（自動計測を除く）。",
        # Without what meters enter: an indicator bound to this meter would make itself grow.
        source=count_events(events.ACTUAL_ENTERED.key, where={"source": ENTERED_BY_OTHERS}, by="source"),
    ),
    Meter(
        key="plan.round.closed",
        unit="回",
        kind=MeterKind.FLOW,
        label="確定した評価の数",
        description="調整会議を経て確定した評価（半期・年度）の数。",
        source=count_events(events.ROUND_CLOSED.key),
    ),
    Meter(
        key="plan.indicator.stale",
        unit="件",
        kind=MeterKind.STOCK,
        label="実績が古い指標の数",
        description="期限までに実績がない、または最後の実績から15か月を過ぎた指標の数。",
        source=count_stale,
        evidence=stale_rows,
    ),
    Meter(
        key="plan.indicator.measured_share",
        unit="%",
        kind=MeterKind.RATIO,
        label="実績のそろった指標の割合",
        description="すべての指標のうち、必要な実績がそろっている（古くない）指標の割合。",
        source=Share(count_in_order, count_all),
        evidence=stale_rows,
    ),
)
