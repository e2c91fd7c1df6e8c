"""The cases room's own meters: open and overdue cases, days to close, tasks done."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from madoguchi.kit import clock
from madoguchi.trust.api import Meter, Municipality, Share, count_events, sum_events
from madoguchi.trust.enums import MeterKind

from .. import events
from ..models import Case
from ..rules.timers import midnight_after


def _open_on(day: date) -> QuerySet[Case]:
    after = midnight_after(day)
    return Case.objects.filter(Q(closed_at__isnull=True) | Q(closed_at__gte=after), opened_at__lt=after)


def count_open(municipality: Municipality, day: date) -> int | None:
    """Return how many cases were open at the end of a day."""
    return _open_on(day).count()


def count_overdue(municipality: Municipality, day: date) -> int | None:
    """Return how many of them were past their due date; today only, since due dates change."""
    return _open_on(day).filter(due_on__lt=day).count() if day == clock.today() else None


def count_open_today(municipality: Municipality, day: date) -> int | None:
    """Return how many cases are open today, the whole the overdue ones are a part of."""
    return count_open(municipality, day) if day == clock.today() else None


def open_rows(municipality: Municipality, from_date: date, to_date: date) -> QuerySet[Case]:
    """Return the cases open at the end of the period."""
    return _open_on(to_date).order_by("order_on", "pk")


def closed_rows(municipality: Municipality, from_date: date, to_date: date) -> QuerySet[Case]:
    """Return the cases closed in the period."""
    return Case.objects.filter(closed_at__date__range=(from_date, to_date)).order_by("closed_at", "pk")


OWN_METERS = (
    Meter(
        key="cases.case.opened",
        unit="件",
        kind=MeterKind.FLOW,
        label="始めた案件の数",
        description="期間のうちに始めた案件（申請の受付など）の数。受付経路ごとに分けて見られます。",
        source=count_events(events.CASE_OPENED.key, by="channel"),
    ),
    Meter(
        key="cases.case.closed",
        unit="件",
        kind=MeterKind.FLOW,
        label="終えた案件の数",
        description="期間のうちに終えた案件の数。手続ごとに分けて見られます。",
        source=count_events(events.CASE_CLOSED.key, by="topic"),
        evidence=closed_rows,
    ),
    Meter(
        key="cases.case.open",
        unit="件",
        kind=MeterKind.STOCK,
        label="処理中の案件の数",
        description="その日の終わりに処理中だった案件の数。",
        source=count_open,
        evidence=open_rows,
    ),
    Meter(
        key="cases.case.days_to_close",
        unit="日",
        kind=MeterKind.RATIO,
        label="案件を終えるまでの平均日数",
        description="期間のうちに終えた案件の、始めてから終えるまでの日数の平均。",
        source=Share(sum_events(events.CASE_CLOSED.key), count_events(events.CASE_CLOSED.key)),
        evidence=closed_rows,
    ),
    Meter(
        key="cases.case.in_time",
        unit="%",
        kind=MeterKind.RATIO,
        label="期限内に終えた案件の割合",
        description="期間のうちに終えた案件のうち、期限までに終えたものの割合。",
        source=Share(
            count_events(events.CASE_CLOSED.key, where={"in_time": True}), count_events(events.CASE_CLOSED.key)
        ),
        evidence=closed_rows,
    ),
    Meter(
        key="cases.case.overdue",
        unit="%",
        kind=MeterKind.RATIO,
        label="期限を過ぎた案件の割合",
        description="処理中の案件のうち、期限を過ぎているものの割合。",
        source=Share(count_overdue, count_open_today),
    ),
    Meter(
        key="cases.task.completed",
        unit="件",
        kind=MeterKind.FLOW,
        label="終えた作業の数",
        description="期間のうちに終えた作業（審査、決裁、補正など）の数。誰の作業かで分けて見られます。",
        source=count_events(events.TASK_COMPLETED.key, by="audience"),
    ),
)
