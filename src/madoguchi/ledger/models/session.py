"""What happens at a payment provider: attempts to pay, and everything the provider said about them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from madoguchi.kit import ids
from madoguchi.trust.api import OwnedModel

from ..enums import PaymentMethod, ReportOutcome, ReportSource, SessionStatus


class PaymentSession(OwnedModel):
    """
    One attempt to pay a receivable at a provider's hosted page.

    ``reference`` is the Idempotency-Key and what the provider calls our order; it is stored before the provider is asked, so
    that a process that dies in between asks for the same session again. The columns below ``status`` are the joined
    knowledge of all reports (``rules.sessions``): whatever their order, the same columns come out. ``origin`` is the address
    (scheme and host) the payer came from, for the way back and the provider's reports.
    """

    reference = models.CharField("照会番号", max_length=26, unique=True, default=ids.new_id, editable=False)
    receivable = models.ForeignKey("Receivable", verbose_name="納付", on_delete=models.PROTECT, related_name="sessions")
    provider = models.CharField("決済代行会社", max_length=40)
    provider_session_id = models.CharField("決済代行会社の番号", max_length=80, blank=True)
    redirect_url = models.CharField("支払い画面", max_length=500, blank=True)
    origin = models.CharField("もとのアドレス", max_length=200)
    language = models.CharField("言語", max_length=10, default="ja")
    amount = models.PositiveIntegerField("金額")
    status = models.CharField("状態", max_length=12, choices=SessionStatus, default=SessionStatus.NEW)
    method = models.CharField("支払方法", max_length=10, choices=PaymentMethod, blank=True)
    captured_amount = models.PositiveIntegerField("収納額", default=0)
    captured_on = models.DateField("収納日", null=True, blank=True)
    refunds_known = models.JSONField("返金の知らせ", default=dict)
    booked_as = models.CharField("記帳した科目", max_length=20, blank=True)
    created_at = models.DateTimeField("開始日時")
    expires_at = models.DateTimeField("有効期限")
    asked_at = models.DateTimeField("最後の問合せ", null=True, blank=True)
    answered_at = models.DateTimeField("最後の知らせ", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "支払手続"
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "provider", "provider_session_id"],
                condition=~Q(provider_session_id=""),
                name="provider_session_once",
            ),
            # Two tabs, a double click, two processes: there is never more than one page to pay on.
            models.UniqueConstraint(
                fields=["receivable"],
                condition=Q(status__in=["new", "created", "authorised"]),
                name="one_live_session_per_receivable",
            ),
        ]
        indexes = [models.Index(fields=["municipality", "status", "created_at"], name="payment_session_by_status")]

    def __str__(self) -> str:
        return f"{self.provider} {self.reference}"

    @property
    def is_live(self) -> bool:
        """Tell whether the payer may still pay in it."""
        return self.status in (SessionStatus.NEW, SessionStatus.CREATED, SessionStatus.AUTHORISED)


class ProviderReport(OwnedModel):
    """
    What a provider said (by webhook, when asked, or in a settlement file), once per event id; never changed.

    ``content`` is what was said about the session; it holds no data of cards or people.
    """

    provider = models.CharField("決済代行会社", max_length=40)
    event_id = models.CharField("通知の番号", max_length=80)
    kind = models.CharField("種類", max_length=60)
    source = models.CharField("経路", max_length=10, choices=ReportSource)
    session = models.ForeignKey(
        PaymentSession, verbose_name="支払手続", null=True, blank=True, on_delete=models.PROTECT, related_name="reports"
    )
    content = models.JSONField("内容", default=dict)
    outcome = models.CharField("結果", max_length=12, choices=ReportOutcome)
    happened_at = models.DateTimeField("発生日時", null=True, blank=True)
    received_at = models.DateTimeField("受信日時")

    class Meta:
        verbose_name = verbose_name_plural = "決済代行会社の知らせ"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "provider", "event_id"], name="provider_report_once")
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.kind}"
