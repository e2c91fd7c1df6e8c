"""Reads of the ledger room."""

from .receivables import pay_path, receivables_of

__all__ = ["pay_path", "receivables_of"]
