"""Emergency alerts: drafted, issued once, updated, cancelled, expired."""

from .drafting import change_draft, discard_draft, draft_alert
from .issuing import cancel_alert, expire_alerts, find_live_alert, issue_alert, update_alert

__all__ = [
    "cancel_alert",
    "change_draft",
    "discard_draft",
    "draft_alert",
    "expire_alerts",
    "find_live_alert",
    "issue_alert",
    "update_alert",
]
