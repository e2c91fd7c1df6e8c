"""Who may do what in the ledger room: one policy object per noun."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django.utils.translation import gettext_noop as N_

from madoguchi.trust.api import Policy, Rule, has_role
from madoguchi.trust.enums import Role

_cashier = has_role(Role.CASHIER)
_reader = has_role(Role.CASHIER, Role.AUDITOR, Role.ADMINISTRATOR)
_approver = has_role(Role.CASHIER, Role.SECTION_CHIEF)


class ReceivablePolicy(Policy):
    """Receivables: who sees them, takes money for them, gives it back, gives them up."""

    noun = N_("納付")
    rules: ClassVar[Mapping[str, Rule]] = {
        "view": _reader,
        "raise": _cashier,
        "cancel": _cashier,
        "take_cash": _cashier,
        "refund": _cashier,
        "approve_refund": _approver,
        "waive": _cashier,
        "approve_waiver": _approver,
        "write_off": _cashier,
        "export": _reader,
    }
    labels: ClassVar[Mapping[str, str]] = {
        "view": N_("見る"),
        "raise": N_("納付を求める"),
        "cancel": N_("取り消す"),
        "take_cash": N_("現金を受け取る"),
        "refund": N_("返金する"),
        "approve_refund": N_("返金を承認する"),
        "waive": N_("減免を申し出る"),
        "approve_waiver": N_("減免を承認する"),
        "write_off": N_("不納欠損とする"),
        "export": N_("一覧を書き出す"),
    }
    reasons: ClassVar[Mapping[str, str]] = {
        "view": N_(
            "納付の画面は、収納の担当者と監査担当、管理者だけが見られます。必要なときは、所属の管理者にお問い合わせください。"
        ),
        "approve_refund": N_("返金を承認できるのは、申し出た人とは別の、収納の担当者か所属長です。"),
        "approve_waiver": N_("減免を承認できるのは、申し出た人とは別の、収納の担当者か所属長です。"),
    }


class BookPolicy(Policy):
    """The books: accounts, entries, trial balance; tills."""

    noun = N_("帳簿")
    rules: ClassVar[Mapping[str, Rule]] = {
        "view": _reader,
        "reverse": _cashier,
        "close_till": _cashier,
        "configure": has_role(Role.ADMINISTRATOR),
    }
    labels: ClassVar[Mapping[str, str]] = {
        "view": N_("見る"),
        "reverse": N_("反対仕訳で訂正する"),
        "close_till": N_("窓口の現金を締める"),
        "configure": N_("収納の設定を変える"),
    }
    reasons: ClassVar[Mapping[str, str]] = {
        "configure": N_("収納の設定を変えられるのは管理者だけです。必要なときは、所属の管理者にお問い合わせください。"),
    }


class ReconciliationPolicy(Policy):
    """Comparing the books with what providers say, and settling what does not fit."""

    noun = N_("照合")
    rules: ClassVar[Mapping[str, Rule]] = {"view": _reader, "run": _cashier, "resolve": _cashier}
    labels: ClassVar[Mapping[str, str]] = {
        "view": N_("見る"),
        "run": N_("照合する"),
        "resolve": N_("未照合を処理する"),
    }
    reasons: ClassVar[Mapping[str, str]] = {}


receivable_policy = ReceivablePolicy()
book_policy = BookPolicy()
reconciliation_policy = ReconciliationPolicy()

POLICIES: dict[str, Policy] = {
    "ledger.receivable": receivable_policy,
    "ledger.book": book_policy,
    "ledger.reconciliation": reconciliation_policy,
}
"""Key (``ledger.<noun>``) → policy; registered when the application starts."""
