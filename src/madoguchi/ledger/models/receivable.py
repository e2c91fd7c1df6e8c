"""Receivables (調定・納付書) and what is decided about them: waivers and refunds."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from madoguchi.kit import ids
from madoguchi.trust.api import OwnedModel

from ..enums import PaymentMethod, ReceivableStatus, RefundStatus, WaiverStatus
from .session import PaymentSession


def new_token() -> str:
    """Return 128 random bits for the address of a pay page."""
    return secrets.token_urlsafe(16)


class Receivable(OwnedModel):
    """
    What somebody owes the city for one thing (調定), and the page where it is paid.

    What it is for stands in a higher room: ``subject_type`` is the label of a model ("procedures.application") and
    ``subject_id`` the row. ``token`` stands in the pay page's address; whoever has it may pay. ``number`` is what people say
    on the telephone. ``paid_amount`` and ``refunded_amount`` are what the books say.
    """

    number = models.CharField("納付番号", max_length=20)
    token = models.CharField("支払いページの鍵", max_length=43, unique=True, default=new_token, editable=False)
    subject_type = models.CharField("対象の種類", max_length=60)
    subject_id = models.CharField("対象", max_length=40)
    purpose = models.CharField("使いみちの区分", max_length=60)
    title = models.CharField("内容", max_length=200)
    amount = models.PositiveIntegerField("金額")
    fiscal_year = models.PositiveSmallIntegerField("会計年度")
    due_on = models.DateField("納期限", null=True, blank=True)
    payer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="納付する人（アカウント）",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    payer_name = models.CharField("納付する人", max_length=160, blank=True)
    search_key = models.CharField("検索キー", max_length=400, blank=True)
    status = models.CharField("状態", max_length=10, choices=ReceivableStatus, default=ReceivableStatus.OPEN)
    method = models.CharField("支払方法", max_length=10, choices=PaymentMethod, blank=True)
    paid_amount = models.PositiveIntegerField("納付済額", default=0)
    refunded_amount = models.PositiveIntegerField("返金額", default=0)
    raised_at = models.DateTimeField("調定日時")
    paid_at = models.DateTimeField("納付日時", null=True, blank=True)
    changed_at = models.DateTimeField("更新日時")

    class Meta:
        verbose_name = verbose_name_plural = "納付"
        ordering = ["-raised_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "number"], name="receivable_number_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="receivable_has_an_amount"),
            models.CheckConstraint(
                condition=Q(refunded_amount__lte=F("paid_amount")), name="receivable_refund_within_payment"
            ),
        ]
        indexes = [
            models.Index(fields=["municipality", "subject_type", "subject_id"], name="receivable_by_subject"),
            models.Index(fields=["municipality", "status", "due_on"], name="receivable_by_status"),
            models.Index(fields=["municipality", "-raised_at", "-id"], name="receivable_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def is_payable(self) -> bool:
        """Tell whether money may still be taken for it."""
        return self.status in (ReceivableStatus.OPEN, ReceivableStatus.PENDING)


class Waiver(OwnedModel):
    """The wish to give a receivable up (減免), asked for by one member of staff and decided by another."""

    receivable = models.ForeignKey(Receivable, verbose_name="納付", on_delete=models.PROTECT, related_name="waivers")
    reason = models.CharField("理由", max_length=400)
    status = models.CharField("状態", max_length=10, choices=WaiverStatus, default=WaiverStatus.REQUESTED)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="申し出た人", on_delete=models.PROTECT, related_name="+"
    )
    requested_at = models.DateTimeField("申出日時")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="決めた人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    decided_at = models.DateTimeField("決定日時", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "減免"
        ordering = ["-requested_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["receivable"], condition=Q(status="requested"), name="one_open_waiver_per_receivable"
            )
        ]

    def __str__(self) -> str:
        return f"{self.receivable_id} {self.get_status_display()}"


class Refund(OwnedModel):
    """
    Money that goes back (還付): asked for, above the limit approved by somebody else, sent to the provider, done.

    ``reference`` is the Idempotency-Key towards the provider: however often a refund is sent, it is made once. Without a
    ``session`` it is paid in cash at the counter. ``source`` is the account the money had been booked on.
    """

    reference = models.CharField("照会番号", max_length=26, unique=True, default=ids.new_id, editable=False)
    receivable = models.ForeignKey(Receivable, verbose_name="納付", on_delete=models.PROTECT, related_name="refunds")
    session = models.ForeignKey(
        PaymentSession, verbose_name="支払手続", null=True, blank=True, on_delete=models.PROTECT, related_name="refunds"
    )
    amount = models.PositiveIntegerField("金額")
    reason = models.CharField("理由", max_length=400)
    source = models.CharField("もとの科目", max_length=20)
    status = models.CharField("状態", max_length=10, choices=RefundStatus, default=RefundStatus.REQUESTED)
    is_automatic = models.BooleanField("自動", default=False)
    provider_refund_id = models.CharField("決済代行会社の番号", max_length=80, blank=True)
    failure = models.CharField("できなかった理由", max_length=200, blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="申し出た人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    requested_at = models.DateTimeField("申出日時")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="承認した人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    decided_at = models.DateTimeField("決定日時", null=True, blank=True)
    done_at = models.DateTimeField("返金日時", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "返金"
        ordering = ["-requested_at", "-id"]
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="refund_has_an_amount")]
        indexes = [models.Index(fields=["municipality", "status"], name="refund_by_status")]

    def __str__(self) -> str:
        return f"{self.amount:,} {self.get_status_display()}"
