"""The work on an application: its case, its fee, its corrections, its decision and its documents."""

from .closing import case_closed
from .corrections import cancel_correction, request_correction
from .deciding import issue_outputs, notify_applicant, reject_application
from .opening import open_case_for
from .paying import fee_changed, request_payment
from .progress import follow_case
from .talking import write_as_staff

__all__ = [
    "cancel_correction",
    "case_closed",
    "fee_changed",
    "follow_case",
    "issue_outputs",
    "notify_applicant",
    "open_case_for",
    "reject_application",
    "request_correction",
    "request_payment",
    "write_as_staff",
]
