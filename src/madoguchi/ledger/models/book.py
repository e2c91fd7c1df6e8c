"""The books: accounts, and entries of lines that are only ever added."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from madoguchi.kit import ids
from madoguchi.trust.api import OwnedModel

from ..enums import AccountType, EntryKind


class BookAccount(OwnedModel):
    """An account of the books (勘定科目). ``key`` is what postings know it by; it does not depend on the year."""

    key = models.CharField("キー", max_length=60)
    code = models.CharField("コード", max_length=10)
    name = models.CharField("名称", max_length=80)
    kind = models.CharField("区分", max_length=10, choices=AccountType)

    class Meta:
        verbose_name = verbose_name_plural = "勘定科目"
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "key"], name="book_account_key_once"),
            models.UniqueConstraint(fields=["municipality", "code"], name="book_account_code_once"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class JournalEntry(OwnedModel):
    """
    One happening in the books (仕訳); never changed, only reversed by another one.

    The lines are written first and the entry last: the database takes an entry only when its lines add up to zero, and no
    line for an entry that is already there. ``key`` says what the entry is for, so that the same thing cannot be booked
    twice. ``fiscal_year`` (会計年度) is stated, not derived from ``booked_on``: in April and May money may still belong to
    the year before (出納整理期間).
    """

    id = models.CharField("番号", max_length=26, primary_key=True, default=ids.new_id, editable=False)
    key = models.CharField("記帳のキー", max_length=100)
    kind = models.CharField("種類", max_length=20, choices=EntryKind)
    fiscal_year = models.PositiveSmallIntegerField("会計年度")
    booked_on = models.DateField("記帳日")
    at = models.DateTimeField("日時")
    memo = models.CharField("摘要", max_length=200, blank=True)
    receivable = models.ForeignKey(
        "Receivable", verbose_name="納付", null=True, blank=True, on_delete=models.PROTECT, related_name="entries"
    )
    reverses = models.OneToOneField(
        "self", verbose_name="訂正する仕訳", null=True, blank=True, on_delete=models.PROTECT, related_name="reversed_by"
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="記帳した人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        verbose_name = verbose_name_plural = "仕訳"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["municipality", "key"], name="journal_entry_once_per_key")]
        indexes = [models.Index(fields=["municipality", "fiscal_year", "booked_on"], name="journal_entry_by_day")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.id}"


class EntryLine(OwnedModel):
    """
    One line of an entry: yen on an account, debits (借方) positive, credits (貸方) negative.

    ``holder`` is whose till the cash is in. Year and day repeat the entry's (the database compares), so that a statement
    reads one table.
    """

    entry = models.ForeignKey(JournalEntry, verbose_name="仕訳", on_delete=models.PROTECT, related_name="lines")
    account = models.ForeignKey(BookAccount, verbose_name="勘定科目", on_delete=models.PROTECT, related_name="+")
    amount = models.BigIntegerField("金額")
    fiscal_year = models.PositiveSmallIntegerField("会計年度")
    booked_on = models.DateField("記帳日")
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="現金を持つ人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        verbose_name = verbose_name_plural = "仕訳の行"
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=~Q(amount=0), name="entry_line_moves_something")]
        indexes = [
            models.Index(fields=["municipality", "account", "fiscal_year", "booked_on"], name="entry_line_by_account")
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.amount:+,}"

    @property
    def debit(self) -> int:
        """The yen on the left side (借方); 0 for a credit."""
        return max(self.amount, 0)

    @property
    def credit(self) -> int:
        """The yen on the right side (貸方); 0 for a debit."""
        return max(-self.amount, 0)


class LedgerSettings(OwnedModel):
    """What a municipality decides about its books; one row, made with its defaults when it is first asked for."""

    refund_limit = models.PositiveIntegerField("もう一人の承認が要る返金額", default=10_000)
    session_minutes = models.PositiveIntegerField("支払い画面の有効時間（分）", default=60)
    ask_after_minutes = models.PositiveIntegerField("通知がないとき問い合わせるまで（分）", default=5)

    class Meta:
        verbose_name = verbose_name_plural = "収納の設定"
        constraints = [models.UniqueConstraint(fields=["municipality"], name="ledger_settings_once")]

    def __str__(self) -> str:
        return str(self.municipality)
