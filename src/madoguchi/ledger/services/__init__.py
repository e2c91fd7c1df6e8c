"""Changes of the books and of receivables; every one is a transaction with its event."""

from .accesses import access_receivable, note_list_access
from .books import change_settings, ensure_chart, ledger_settings, reverse_entry
from .paying import (
    ask_session,
    ask_silent_sessions,
    close_session,
    expire_due,
    start_payment,
    take_webhook,
)
from .receivables import (
    cancel_receivable,
    decide_waiver,
    expire_receivable,
    raise_receivable,
    take_cash,
    waive_receivable,
    write_off_receivable,
)
from .refunds import decide_refund, refund_receivable, refundable, retry_refund, send_refund
from .reports import receive_report
from .resolving import possible_resolutions, resolve_discrepancy
from .settlements import compare_recent, compare_settlement, explain_if_agreed
from .tills import DENOMINATIONS, close_till, till_balance
from .webhooks import refuse_webhook

__all__ = [
    "DENOMINATIONS",
    "access_receivable",
    "ask_session",
    "ask_silent_sessions",
    "cancel_receivable",
    "change_settings",
    "close_session",
    "close_till",
    "compare_recent",
    "compare_settlement",
    "decide_refund",
    "decide_waiver",
    "ensure_chart",
    "expire_due",
    "expire_receivable",
    "explain_if_agreed",
    "ledger_settings",
    "note_list_access",
    "possible_resolutions",
    "raise_receivable",
    "receive_report",
    "refund_receivable",
    "refundable",
    "refuse_webhook",
    "resolve_discrepancy",
    "retry_refund",
    "reverse_entry",
    "send_refund",
    "start_payment",
    "take_cash",
    "take_webhook",
    "till_balance",
    "waive_receivable",
    "write_off_receivable",
]
