"""Addresses of the messaging room: residents' pages, staff's pages, screens, feeds, webhooks."""

from __future__ import annotations

from ..rest import messages_router
from .alerts import alert_urls, cap_urls, now_urls
from .inbox import inbox_urls
from .line import line_urls
from .links import link_urls
from .messages import message_urls
from .preferences import preference_urls
from .signage import screen_urls, signage_urls

__all__ = [
    "alert_urls",
    "cap_urls",
    "inbox_urls",
    "line_urls",
    "link_urls",
    "message_urls",
    "messages_router",
    "now_urls",
    "preference_urls",
    "screen_urls",
    "signage_urls",
]
