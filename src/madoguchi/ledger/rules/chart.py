"""The standard chart of accounts (勘定科目) every municipality starts with, by the keys the postings use."""

from __future__ import annotations

from dataclasses import dataclass

RECEIVABLE = "receivable"
CASH = "cash"
BANK = "bank"
CLEARING = "clearing"
SURPLUS = "surplus"
UNIDENTIFIED = "unidentified"
FEES = "fees"
WAIVED = "waived"
PROVIDER_FEES = "provider_fees"
WRITE_OFF = "write_off"
PAST_REFUND = "past_refund"
CASH_OVER = "cash_over"
CASH_SHORT = "cash_short"

ASSET, LIABILITY, REVENUE, EXPENSE = "asset", "liability", "revenue", "expense"


@dataclass(frozen=True, slots=True)
class StandardAccount:
    """An account of the standard chart: its key in postings, its code, its name in the books and its kind."""

    key: str
    code: str
    name: str
    kind: str


STANDARD: dict[str, StandardAccount] = {
    account.key: account
    for account in (
        StandardAccount(CASH, "1010", "現金（窓口）", ASSET),
        StandardAccount(BANK, "1020", "指定金融機関預金", ASSET),
        StandardAccount(RECEIVABLE, "1110", "未収金", ASSET),
        StandardAccount(SURPLUS, "2110", "過誤納金（還付するもの）", LIABILITY),
        StandardAccount(UNIDENTIFIED, "2120", "仮受金（内容を確認中の入金）", LIABILITY),
        StandardAccount(FEES, "4110", "手数料収入", REVENUE),
        StandardAccount(WAIVED, "4910", "手数料の減免", REVENUE),
        StandardAccount(CASH_OVER, "4920", "現金過剰", REVENUE),
        StandardAccount(PROVIDER_FEES, "5110", "決済手数料", EXPENSE),
        StandardAccount(WRITE_OFF, "5210", "不納欠損", EXPENSE),
        StandardAccount(PAST_REFUND, "5310", "過年度収入の還付", EXPENSE),
        StandardAccount(CASH_SHORT, "5410", "現金不足", EXPENSE),
    )
}


def clearing_key(provider: str) -> str:
    """Return the key of the account of money a provider has taken and not yet paid out."""
    return f"{CLEARING}:{provider}"


def grows_on_debit(kind: str) -> bool:
    """Tell whether an account of this kind shows debits (借方) as positive."""
    return kind in (ASSET, EXPENSE)


def carries_over(kind: str) -> bool:
    """Tell whether an account's balance goes on into the next fiscal year."""
    return kind in (ASSET, LIABILITY)
