"""Reads of the ledger room."""

from .books import TrialBalance, TrialRow, booked_years, statement, trial_balance
from .receivables import (
    pay_path,
    purposes,
    receivables_of,
    search_receivables,
    waiting_refunds,
    waiting_waivers,
)

__all__ = [
    "TrialBalance",
    "TrialRow",
    "booked_years",
    "pay_path",
    "purposes",
    "receivables_of",
    "search_receivables",
    "statement",
    "trial_balance",
    "waiting_refunds",
    "waiting_waivers",
]
