"""
What comes back: delivery reports (RFC 3464), the many other forms bounces have, complaints (RFC 5965), answers of machines.

Answers of people who are away (RFC 3834) and of people who write back are neither bounce nor complaint.
"""

from __future__ import annotations

import email
import email.policy
import logging
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from email.message import Message
from email.utils import getaddresses
from enum import StrEnum

from flufl.bounce import all_failures

from .verp import Returned, read_return_path

# It tells in the log, with a traceback, of each of its detectors that stumbles over a broken mail; others go on.
logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL)
MOST_BYTES = 256 * 1024
_MOST_ADDRESSES = 50
_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_ENVELOPE = ("X-Original-To", "Delivered-To", "X-Envelope-To", "To", "Original-Mail-From", "Return-Path")


class ReportKind(StrEnum):
    """What a mail that came back says."""

    HARD = "hard"
    SOFT = "soft"
    COMPLAINT = "complaint"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Report:
    """What came back, whose mail it was about (None: nobody's that we know), and what it says in a few words."""

    kind: ReportKind
    returned: Returned | None
    text: str = ""


def read_report(data: bytes, *, recipients: Iterable[str] = (), keys: Sequence[bytes]) -> Report:
    """
    Return what a mail says; never raises for one that is broken.

    ``recipients`` are the envelope's, ``keys`` those return paths are signed with: a forged one is nobody's.
    """
    try:
        message = email.message_from_bytes(data[:MOST_BYTES], policy=email.policy.compat32)
        kind, text = _judge(message)
        returned = _whose(message, recipients, keys)
    except (LookupError, ValueError, TypeError, AttributeError, RecursionError, AssertionError):
        return Report(ReportKind.NOTHING, None, "unreadable")
    return Report(kind, returned, text)


def _judge(message: Message) -> tuple[ReportKind, str]:
    report_type = str(message.get_param("report-type", "") or "").lower()
    if report_type == "feedback-report":
        return ReportKind.COMPLAINT, "complaint"
    if report_type == "delivery-status" and (told := _delivery_status(message)) is not None:
        return told
    if _is_automatic_answer(message):
        return ReportKind.NOTHING, "automatic answer"
    temporary, permanent = all_failures(message)
    if permanent:
        return ReportKind.HARD, _first_status(message)
    if temporary:
        return ReportKind.SOFT, _first_status(message)
    return ReportKind.NOTHING, ""


def _delivery_status(message: Message) -> tuple[ReportKind, str] | None:
    """Return what the machine-readable part says, None where it says nothing of use."""
    for part in message.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        for block in part.get_payload() if isinstance(part.get_payload(), list) else []:
            if not isinstance(block, Message) or block.get("Action") is None:
                continue
            action, status = str(block["Action"]).strip().lower(), str(block.get("Status", "")).strip()
            text = f"{status} {str(block.get('Diagnostic-Code', '')).strip()}"[:200]
            if action == "failed":
                return _by_status(status), text
            return ReportKind.NOTHING, text
    return None


def _by_status(status: str) -> ReportKind:
    """A full mailbox, a policy or a network is no reason to give an address up at once; a mailbox that is not there is."""
    match = _STATUS.match(status)
    if match is None:
        return ReportKind.HARD
    subject, detail = match[2], match[3]
    is_address = subject == "1" or (subject == "2" and detail in {"0", "1"}) or (subject == "0" and detail == "0")
    return ReportKind.HARD if match[1] == "5" and is_address else ReportKind.SOFT


def _is_automatic_answer(message: Message) -> bool:
    said = str(message.get("Auto-Submitted", "")).lower()
    if said.startswith("auto-replied") or message.get("X-Autoreply") or message.get("X-Autorespond"):
        return True
    return (
        str(message.get("Precedence", "")).lower() == "auto_reply" or message.get("X-Auto-Response-Suppress") == "All"
    )


def _first_status(message: Message) -> str:
    match = _STATUS.search(message.as_string()[:20_000])
    return match[0] if match is not None else ""


def _whose(message: Message, recipients: Iterable[str], keys: Sequence[bytes]) -> Returned | None:
    """Return whose mail came back: by the envelope, else by the headers, those of the mail inside included."""
    for address in _addresses(message, recipients):
        if (found := read_return_path(address, keys=keys)) is not None:
            return found
    return None


def _addresses(message: Message, recipients: Iterable[str]) -> list[str]:
    found = list(recipients)
    for part in message.walk():
        for name in _ENVELOPE:
            values = [str(value) for value in part.get_all(name, [])]
            found += [address for _, address in getaddresses(values[:5])]
        if len(found) > _MOST_ADDRESSES:
            break
    return found[:_MOST_ADDRESSES]
