"""The ledger room's own meters: money collected, how it came, what does not fit, what is still owed."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet, Sum

from madoguchi.kit import clock
from madoguchi.trust.api import Meter, Municipality, Share, count_events, sum_events
from madoguchi.trust.enums import MeterKind

from .. import events
from ..enums import ReceivableStatus
from ..models import Discrepancy, Receivable


def _unmatched(municipality: Municipality, day: date) -> int | None:
    # What waited on an earlier day is not kept; a gap is better than today's number under another date.
    return Discrepancy.objects.filter(resolution="").count() if day == clock.today() else None


def _outstanding(municipality: Municipality, day: date) -> int | None:
    if day != clock.today():
        return None
    waiting = Receivable.objects.filter(status__in=[ReceivableStatus.OPEN, ReceivableStatus.PENDING])
    return waiting.aggregate(total=Sum("amount"))["total"] or 0


def _paid(municipality: Municipality, from_date: date, to_date: date) -> QuerySet[Receivable]:
    return Receivable.objects.filter(paid_at__date__gte=from_date, paid_at__date__lte=to_date).order_by("paid_at", "pk")


def _waiting(municipality: Municipality, from_date: date, to_date: date) -> QuerySet[Discrepancy]:
    return Discrepancy.objects.filter(resolution="").order_by("found_at", "pk")


OWN_METERS = (
    Meter(
        key="ledger.collected",
        unit="円",
        kind=MeterKind.FLOW,
        label="収納した金額",
        description="納付された金額の合計（返金を引く前）。使いみちの区分ごとにも数えます。",
        source=sum_events(events.PAID.key, by="purpose"),
        evidence=_paid,
    ),
    Meter(
        key="ledger.refunded",
        unit="円",
        kind=MeterKind.FLOW,
        label="還付した金額",
        description="納付されたもののうち、返金した金額の合計。過誤納の返金は含みません。",
        source=sum_events(events.REFUNDED.key, where={"source": "receivable"}, by="purpose"),
    ),
    Meter(
        key="ledger.paid_online",
        unit="%",
        kind=MeterKind.RATIO,
        label="オンラインで納付された割合",
        description="納付の件数のうち、オンラインで支払われたものの割合。",
        source=Share(
            count_events(events.PAID.key, where={"channel": "online"}),
            count_events(events.PAID.key),
        ),
        evidence=_paid,
    ),
    Meter(
        key="ledger.outstanding",
        unit="円",
        kind=MeterKind.STOCK,
        label="未納の金額",
        description="求めていて、まだ納付されていない金額の合計。",
        source=_outstanding,
    ),
    Meter(
        key="ledger.unmatched",
        unit="件",
        kind=MeterKind.STOCK,
        label="帳簿と合わないものの件数",
        description="決済代行会社や窓口の現金と帳簿が合わず、職員の確認を待っているものの件数。",
        source=_unmatched,
        evidence=_waiting,
    ),
)
