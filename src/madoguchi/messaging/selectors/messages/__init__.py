"""Reads about messages: lists, what they would do, what became of them."""

from .checking import Check, check_message, errors_of
from .deliveries import (
    ClickRow,
    Progress,
    clicks_of,
    deliveries_by,
    minutes_of,
    progress_of,
    unreached_of,
)
from .listing import (
    FILTERS,
    messages_by_status,
    search_messages,
    templates,
    waiting_for,
)
from .planning import (
    SECOND_PERCENT,
    Overlap,
    Plan,
    approvals_of,
    last_approved,
    others_to_the_same,
    plan_of,
)
from .previews import Sample, language_name, preview, sample_values

__all__ = [
    "FILTERS",
    "SECOND_PERCENT",
    "Check",
    "ClickRow",
    "Overlap",
    "Plan",
    "Progress",
    "Sample",
    "approvals_of",
    "check_message",
    "clicks_of",
    "deliveries_by",
    "errors_of",
    "language_name",
    "last_approved",
    "messages_by_status",
    "minutes_of",
    "others_to_the_same",
    "plan_of",
    "preview",
    "progress_of",
    "sample_values",
    "search_messages",
    "templates",
    "unreached_of",
    "waiting_for",
]
