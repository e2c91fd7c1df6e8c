"""Models of the ledger room."""

from .book import BookAccount, EntryLine, JournalEntry, LedgerSettings
from .receivable import Receivable, Refund, Waiver
from .reconciliation import CashClose, Discrepancy, Settlement, SettlementLine
from .session import PaymentSession, ProviderReport

__all__ = [
    "BookAccount",
    "CashClose",
    "Discrepancy",
    "EntryLine",
    "JournalEntry",
    "LedgerSettings",
    "PaymentSession",
    "ProviderReport",
    "Receivable",
    "Refund",
    "Settlement",
    "SettlementLine",
    "Waiver",
]
