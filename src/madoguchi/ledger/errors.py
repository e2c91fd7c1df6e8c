"""Errors of the ledger room. Each message says what was refused and what to do next, in the user's language."""


class LedgerError(Exception):
    """Base of the room's errors; ``str(error)`` may be shown to a user."""
