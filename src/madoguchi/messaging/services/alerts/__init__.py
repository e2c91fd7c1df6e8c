"""Emergency alerts: drafted, issued once, updated, cancelled, expired."""

from .drafting import change_draft, discard_draft, draft_alert
from .intake import Intake, take_cap
from .issuing import cancel_alert, expire_alerts, find_live_alert, issue_alert, update_alert
from .safety import (
    CLAIM_LASTS,
    acknowledge,
    acknowledge_by_token,
    claim_call,
    find_by_token,
    is_fresh,
    open_call_list,
    origin_of,
    record_call,
    release_call,
    reply_token,
)

__all__ = [
    "CLAIM_LASTS",
    "Intake",
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
    "is_fresh",
    "issue_alert",
    "open_call_list",
    "origin_of",
    "record_call",
    "release_call",
    "reply_token",
    "take_cap",
    "update_alert",
]
