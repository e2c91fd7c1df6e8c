"""Emergency alerts: drafted, issued once, updated, cancelled, expired."""

from .drafting import change_draft, discard_draft, draft_alert
from .issuing import cancel_alert, expire_alerts, find_live_alert, issue_alert, update_alert
from .safety import (
    acknowledge,
    acknowledge_by_token,
    claim_call,
    find_by_token,
    open_call_list,
    record_call,
    release_call,
)

__all__ = [
    "acknowledge",
    "acknowledge_by_token",
    "cancel_alert",
    "change_draft",
    "claim_call",
    "discard_draft",
    "draft_alert",
    "expire_alerts",
    "find_by_token",
    "find_live_alert",
    "issue_alert",
    "open_call_list",
    "record_call",
    "release_call",
    "update_alert",
]
