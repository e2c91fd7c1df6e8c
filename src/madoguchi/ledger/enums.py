"""Closed vocabularies of the ledger room."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _lazy


class AccountType(models.TextChoices):
    """What kind of account a book account is; the first and the last grow on the debit side."""

    ASSET = "asset", _lazy("資産")
    LIABILITY = "liability", _lazy("負債")
    REVENUE = "revenue", _lazy("収益")
    EXPENSE = "expense", _lazy("費用")


class EntryKind(models.TextChoices):
    """What a journal entry records."""

    RAISED = "raised", _lazy("調定")
    CAPTURED = "captured", _lazy("収納（オンライン）")
    CASH = "cash", _lazy("収納（窓口）")
    SURPLUS = "surplus", _lazy("過誤納の受入れ")
    UNIDENTIFIED = "unidentified", _lazy("内容を確認中の入金")
    REFUNDED = "refunded", _lazy("還付")
    WAIVED = "waived", _lazy("減免")
    EXPIRED = "expired", _lazy("期限切れによる調定の取消")
    CANCELLED = "cancelled", _lazy("調定の取消")
    WRITTEN_OFF = "written_off", _lazy("不納欠損")
    SETTLED = "settled", _lazy("決済代行会社からの入金")
    DEPOSITED = "deposited", _lazy("窓口現金の入金")
    REVERSED = "reversed", _lazy("訂正（反対仕訳）")


class ReceivableStatus(models.TextChoices):
    """Where a receivable stands, as the payer is told."""

    OPEN = "open", _lazy("お支払い待ち")
    PENDING = "pending", _lazy("お支払いの手続中")
    PAID = "paid", _lazy("お支払い済み")
    EXPIRED = "expired", _lazy("期限切れ")
    CANCELLED = "cancelled", _lazy("取消")
    WAIVED = "waived", _lazy("減免")
    REFUNDED = "refunded", _lazy("全額を返金")


class SessionStatus(models.TextChoices):
    """Where an attempt to pay stands at the provider."""

    NEW = "new", _lazy("依頼中")
    CREATED = "created", _lazy("手続中")
    AUTHORISED = "authorised", _lazy("承認済み・確定待ち")
    CAPTURED = "captured", _lazy("支払済み")
    FAILED = "failed", _lazy("不成立")
    EXPIRED = "expired", _lazy("時間切れ")
    CANCELLED = "cancelled", _lazy("取消")


class PaymentMethod(models.TextChoices):
    """How money is paid."""

    CARD = "card", _lazy("クレジットカード")
    STORE = "store", _lazy("コンビニ払い")
    CODE = "code", _lazy("コード決済")
    CASH = "cash", _lazy("窓口での現金払い")


class RefundStatus(models.TextChoices):
    """Where a refund stands."""

    REQUESTED = "requested", _lazy("承認待ち")
    SENDING = "sending", _lazy("返金の手続中")
    DONE = "done", _lazy("返金済み")
    FAILED = "failed", _lazy("返金できず")
    REJECTED = "rejected", _lazy("却下")


class WaiverStatus(models.TextChoices):
    """Where a waiver stands."""

    REQUESTED = "requested", _lazy("承認待ち")
    APPROVED = "approved", _lazy("承認")
    REJECTED = "rejected", _lazy("却下")


class ReportSource(models.TextChoices):
    """How we learned what a provider says."""

    WEBHOOK = "webhook", _lazy("通知")
    QUERY = "query", _lazy("問合せ")
    SETTLEMENT = "settlement", _lazy("精算ファイル")


class ReportOutcome(models.TextChoices):
    """What came of a provider's report."""

    APPLIED = "applied", _lazy("反映")
    NOTHING_NEW = "nothing_new", _lazy("反映済みの内容")
    QUARANTINED = "quarantined", _lazy("職員が確認")
    UNKNOWN = "unknown", _lazy("該当なし")


class DiscrepancyKind(models.TextChoices):
    """Where our books and a provider's words differ."""

    UNKNOWN_SESSION = "unknown_session", _lazy("該当する納付がない入金の通知")
    AMOUNT_DIFFERS = "amount_differs", _lazy("金額の相違")
    MISSING_IN_BOOKS = "missing_in_books", _lazy("精算にあり、帳簿にない")
    MISSING_AT_PROVIDER = "missing_at_provider", _lazy("帳簿にあり、精算にない")
    REFUND_FAILED = "refund_failed", _lazy("返金できなかった")
    CASH_DIFFERS = "cash_differs", _lazy("窓口現金の過不足")


class Resolution(models.TextChoices):
    """How somebody settled a discrepancy."""

    REFUNDED = "refunded", _lazy("返金した")
    ACCEPTED = "accepted", _lazy("納付として受け入れた")
    RECHECKED = "rechecked", _lazy("照会して一致した")
    EXPLAINED = "explained", _lazy("確認して問題なし")
