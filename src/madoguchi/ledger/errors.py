"""Errors of the ledger room. Each message says what was refused and what to do next, in the user's language."""


class LedgerError(Exception):
    """Base of the room's errors; ``str(error)`` may be shown to a user."""


class UnbalancedError(LedgerError):
    """The lines of a journal entry do not add up to zero: a fault of the program, never of the user."""


class StatusError(LedgerError):
    """A receivable is no longer in a state in which this can be done; nothing was changed."""


class AmountError(LedgerError):
    """An amount is not possible here, such as a refund above what was paid; nothing was changed."""


class FourEyesError(LedgerError):
    """The person who asked for it cannot approve it; nothing was changed."""


class NotPayableError(LedgerError):
    """This receivable cannot be paid now (paid, expired, withdrawn …)."""


class ProviderError(LedgerError):
    """A payment provider could not be reached or did not answer as agreed; asking again later is safe."""


class ProviderRefusedError(ProviderError):
    """A payment provider answered and said no; asking again with the same content will not help."""


class SignatureError(LedgerError):
    """A webhook is not signed as agreed, is too old, or was changed on its way; ``reason`` is a short code."""

    def __init__(self, message: str, *, reason: str) -> None:
        super().__init__(message)
        self.reason = reason


class SettlementError(LedgerError):
    """A settlement file cannot be read; the message names the line."""
