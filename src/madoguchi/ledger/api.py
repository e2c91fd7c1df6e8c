"""The only door to the ledger room."""

from .errors import (
    AmountError,
    FourEyesError,
    LedgerError,
    NotPayableError,
    ProviderError,
    StatusError,
)
from .models import (
    JournalEntry,
    Receivable,
    Refund,
    Waiver,
)
from .plugins.simulator.server import (
    serve as serve_payment_simulator,
)
from .selectors import (
    pay_path,
    receivables_of,
)
from .services import (
    cancel_receivable,
    decide_refund,
    decide_waiver,
    ensure_chart,
    raise_receivable,
    refund_receivable,
    take_cash,
    waive_receivable,
    write_off_receivable,
)

__all__ = [
    "AmountError",
    "FourEyesError",
    "JournalEntry",
    "LedgerError",
    "NotPayableError",
    "ProviderError",
    "Receivable",
    "Refund",
    "StatusError",
    "Waiver",
    "cancel_receivable",
    "decide_refund",
    "decide_waiver",
    "ensure_chart",
    "pay_path",
    "raise_receivable",
    "receivables_of",
    "refund_receivable",
    "serve_payment_simulator",
    "take_cash",
    "waive_receivable",
    "write_off_receivable",
]
