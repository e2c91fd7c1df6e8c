"""
LINE's side of the house: chunks on their way, events taken in, friends and what they say of themselves, linked accounts.
"""

from .friends import (
    add_child,
    choose_language,
    choose_town,
    declared_children,
    follow,
    forget_children,
    friend_of,
    meet,
    unfollow,
)
from .intake import forget_old_events, refuse_webhook, take_events
from .linking import finish_link, start_link, unlink

__all__ = [
    "add_child",
    "choose_language",
    "choose_town",
    "declared_children",
    "finish_link",
    "follow",
    "forget_children",
    "forget_old_events",
    "friend_of",
    "meet",
    "refuse_webhook",
    "start_link",
    "take_events",
    "unfollow",
    "unlink",
]
