"""Daily checks: settlement files of providers, tills, and what did not fit."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from madoguchi.trust.api import OwnedModel

from ..enums import DiscrepancyKind, Resolution
from .book import JournalEntry
from .receivable import Receivable
from .session import PaymentSession


class Settlement(OwnedModel):
    """
    A provider's settlement file (精算ファイル) of one day, and how it compared with the books.

    ``digest`` is the SHA-256 of the file; a file that is changed afterwards is compared again. Money is in yen.
    """

    provider = models.CharField("決済代行会社", max_length=40)
    day = models.DateField("対象日")
    digest = models.CharField("ダイジェスト", max_length=64)
    fetched_at = models.DateTimeField("取得日時")
    captured_count = models.PositiveIntegerField("収納件数", default=0)
    captured_amount = models.BigIntegerField("収納額", default=0)
    refunded_count = models.PositiveIntegerField("返金件数", default=0)
    refunded_amount = models.BigIntegerField("返金額", default=0)
    fee = models.BigIntegerField("手数料", default=0)
    matched_count = models.PositiveIntegerField("一致した件数", default=0)
    difference_count = models.PositiveIntegerField("相違の件数", default=0)
    entry = models.ForeignKey(
        JournalEntry, verbose_name="仕訳", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = verbose_name_plural = "精算"
        ordering = ["-day", "provider"]
        constraints = [models.UniqueConstraint(fields=["municipality", "provider", "day"], name="settlement_once")]

    def __str__(self) -> str:
        return f"{self.provider} {self.day}"


class SettlementLine(OwnedModel):
    """One line of a settlement file: a capture or a refund, what it was compared with, and what came out."""

    settlement = models.ForeignKey(Settlement, verbose_name="精算", on_delete=models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField("行")
    kind = models.CharField("種類", max_length=10)
    provider_session_id = models.CharField("決済代行会社の番号", max_length=80)
    reference = models.CharField("照会番号", max_length=80, blank=True)
    amount = models.BigIntegerField("金額")
    fee = models.BigIntegerField("手数料", default=0)
    session = models.ForeignKey(
        PaymentSession, verbose_name="支払手続", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    verdict = models.CharField("結果", max_length=20)

    class Meta:
        verbose_name = verbose_name_plural = "精算の行"
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["settlement", "number"], name="settlement_line_once")]

    def __str__(self) -> str:
        return f"{self.number} {self.amount:,}"


class Discrepancy(OwnedModel):
    """Something that did not fit (未照合) and waits for a person, or how a person settled it."""

    key = models.CharField("キー", max_length=120)
    kind = models.CharField("種類", max_length=20, choices=DiscrepancyKind)
    provider = models.CharField("決済代行会社", max_length=40, blank=True)
    provider_session_id = models.CharField("決済代行会社の番号", max_length=80, blank=True)
    session = models.ForeignKey(
        PaymentSession, verbose_name="支払手続", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    receivable = models.ForeignKey(
        Receivable, verbose_name="納付", null=True, blank=True, on_delete=models.PROTECT, related_name="discrepancies"
    )
    settlement = models.ForeignKey(
        Settlement, verbose_name="精算", null=True, blank=True, on_delete=models.PROTECT, related_name="discrepancies"
    )
    amount_books = models.BigIntegerField("帳簿の金額", null=True, blank=True)
    amount_provider = models.BigIntegerField("相手の金額", null=True, blank=True)
    found_at = models.DateTimeField("見つけた日時")
    resolution = models.CharField("処理", max_length=12, choices=Resolution, blank=True)
    note = models.CharField("メモ", max_length=400, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="処理した人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    resolved_at = models.DateTimeField("処理日時", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "未照合"
        ordering = ["-found_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["municipality", "key"], name="discrepancy_once")]
        indexes = [models.Index(fields=["municipality", "resolution", "-found_at"], name="discrepancy_waiting")]

    def __str__(self) -> str:
        return self.get_kind_display()


class CashClose(OwnedModel):
    """The daily close of one cashier's till (締め): what the books expect, what was counted, and the entry for it."""

    cashier = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="担当者", on_delete=models.PROTECT, related_name="+"
    )
    closed_on = models.DateField("締めた日")
    closed_at = models.DateTimeField("締めた日時")
    expected = models.BigIntegerField("帳簿の現金")
    counted = models.BigIntegerField("数えた現金")
    denominations = models.JSONField("金種", default=dict)
    note = models.CharField("メモ", max_length=400, blank=True)
    entry = models.ForeignKey(
        JournalEntry, verbose_name="仕訳", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = verbose_name_plural = "窓口現金の締め"
        ordering = ["-closed_at", "-id"]

    def __str__(self) -> str:
        return f"{self.cashier} {self.closed_on}"

    @property
    def difference(self) -> int:
        """Counted less expected: positive when there was too much in the till."""
        return self.counted - self.expected
