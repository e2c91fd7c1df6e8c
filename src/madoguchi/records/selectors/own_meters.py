"""The records room's own meters: documents issued, revoked, checked and fetched, and those that wait."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from madoguchi.kit import clock
from madoguchi.trust.api import Meter, Municipality, count_events
from madoguchi.trust.enums import MeterKind

from .. import events
from ..enums import DocumentStatus
from ..models import IssuedDocument


def count_waiting(municipality: Municipality, day: date) -> int | None:
    """Return how many documents wait to be made; only for today."""
    if day != clock.today():
        return None
    return IssuedDocument.objects.filter(status=DocumentStatus.PREPARING).count()


def issued_rows(municipality: Municipality, from_date: date, to_date: date) -> QuerySet[IssuedDocument]:
    """Return the documents issued from a day to a day."""
    issued = IssuedDocument.objects.filter(issued_at__date__gte=from_date, issued_at__date__lte=to_date)
    return issued.order_by("issued_at", "pk")


OWN_METERS = (
    Meter(
        key="records.document.issued",
        unit="件",
        kind=MeterKind.FLOW,
        label="電子署名付きで発行した文書の数",
        description="証明書・通知書・許可証などを、電子署名とタイムスタンプを付けて発行した数。文書の種類ごとの内訳があります。",
        source=count_events(events.DOCUMENT_ISSUED.key, by="kind"),
        evidence=issued_rows,
    ),
    Meter(
        key="records.document.verified",
        unit="回",
        kind=MeterKind.FLOW,
        label="文書が確認された回数",
        description="確認ページで、番号またはPDFファイルから発行文書が確かめられた回数。結果ごとの内訳があります。",
        source=count_events(events.DOCUMENT_VERIFIED.key, by="result"),
    ),
    Meter(
        key="records.document.downloaded",
        unit="回",
        kind=MeterKind.FLOW,
        label="本人が文書を受け取った回数",
        description="受取人が、発行された文書をダウンロードした回数。",
        source=count_events(events.DOCUMENT_DOWNLOADED.key, where={"by": "recipient"}, by="kind"),
    ),
    Meter(
        key="records.document.waiting",
        unit="件",
        kind=MeterKind.STOCK,
        label="作成を待っている文書の数",
        description="発行の処理が終わっていない文書の数。電子署名のサービスが止まると増えます。",
        source=count_waiting,
    ),
)
