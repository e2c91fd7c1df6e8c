"""The only door to the ledger room."""

from .errors import LedgerError

__all__ = ["LedgerError"]
