"""Changes of the books and of receivables; every one is a transaction with its event."""

from .books import change_settings, ensure_chart, ledger_settings, reverse_entry
from .receivables import (
    cancel_receivable,
    decide_waiver,
    expire_receivable,
    raise_receivable,
    take_cash,
    waive_receivable,
    write_off_receivable,
)

__all__ = [
    "cancel_receivable",
    "change_settings",
    "decide_waiver",
    "ensure_chart",
    "expire_receivable",
    "ledger_settings",
    "raise_receivable",
    "reverse_entry",
    "take_cash",
    "waive_receivable",
    "write_off_receivable",
]
