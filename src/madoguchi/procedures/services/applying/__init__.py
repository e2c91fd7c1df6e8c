"""Applying, as residents do it: drafts, sending, and what follows until the decision."""

from .access import (
    access_application,
    access_draft,
    find_draft,
    find_draft_to_send,
    holds_application,
    holds_draft,
    require_holder,
)
from .acting import answer_correction, keep_correction, mark_read, send_message, withdraw
from .calendars import calendar_feed, feed_of, renew_calendar
from .drafts import adopt_draft, discard_draft, expire_drafts, put_answer, save_step, start_draft
from .files import attach_file, believed, detach_file, known_files
from .prefilling import prefillable
from .proxies import Proxy, proxies_of, require_proxy
from .sending import answers_digest, checked_answers, submit

__all__ = [
    "Proxy",
    "access_application",
    "access_draft",
    "adopt_draft",
    "answer_correction",
    "answers_digest",
    "attach_file",
    "believed",
    "calendar_feed",
    "checked_answers",
    "detach_file",
    "discard_draft",
    "expire_drafts",
    "feed_of",
    "find_draft",
    "find_draft_to_send",
    "holds_application",
    "holds_draft",
    "keep_correction",
    "known_files",
    "mark_read",
    "prefillable",
    "proxies_of",
    "put_answer",
    "renew_calendar",
    "require_holder",
    "require_proxy",
    "save_step",
    "send_message",
    "start_draft",
    "submit",
    "withdraw",
]
