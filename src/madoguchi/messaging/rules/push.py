"""Web push without the network: which addresses may be called, what is said, how long and how loudly (RFC 8030, 8291, 8292)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Collection
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

LARGEST_PAYLOAD = 3_000
"""Bytes before encryption; push services take 4,096 after it (RFC 8030 §7.2), some browsers less."""

LONGEST_WAIT = 28 * 24 * 3600
"""No push service keeps a message longer than four weeks."""

USUAL_WAIT = 3 * 24 * 3600
POINT_BYTES, AUTH_BYTES = 65, 16
_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")


class SubscriptionError(ValueError):
    """A subscription of a browser cannot be used; ``code`` says why: ``address``, ``host``, ``keys``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def is_allowed(address: str, *, hosts: Collection[str], simulator: str = "") -> bool:
    """
    Tell whether a push service's address may be called: https, the usual port, a listed host; or the simulator's origin.

    A subscription comes from outside and names an address this server calls, so it must not be able to name any other
    (server-side request forgery). Hosts are names, so an IP address never fits; ``*.example.com`` fits every name below.
    """
    try:
        parts = urlsplit(address)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return False
    if parts.username or parts.password or not all("!" <= character <= "~" for character in address):
        return False
    if simulator and f"{parts.scheme}://{parts.netloc}" == simulator.rstrip("/"):
        return True
    if parts.scheme != "https" or port not in (None, 443) or not _HOST.fullmatch(host):
        return False
    return any(_fits(host, pattern) for pattern in hosts)


def _fits(host: str, pattern: str) -> bool:
    return host.endswith(pattern[1:]) if pattern.startswith("*.") else host == pattern


def check_keys(p256dh: str, auth: str) -> None:
    """Do nothing for the keys of a browser (an uncompressed P-256 point, 16 bytes); raise ``SubscriptionError`` otherwise."""
    point, secret = decode(p256dh), decode(auth)
    if len(point) != POINT_BYTES or point[0] != 4 or len(secret) != AUTH_BYTES:
        raise SubscriptionError("keys")


def decode(text: str) -> bytes:
    """Return what base64url says, with or without its padding; raise ``SubscriptionError``."""
    try:
        return base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    except (UnicodeEncodeError, binascii.Error, ValueError):
        raise SubscriptionError("keys") from None


def encode(data: bytes) -> str:
    """Return bytes in base64url without padding."""
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def payload(
    *, title: str, text: str, address: str, tag: str, language: str, is_emergency: bool = False, is_drill: bool = False
) -> bytes:
    """Return what a browser is told, as JSON of at most ``LARGEST_PAYLOAD`` bytes: the text is cut, never the address."""
    said: dict[str, Any] = {
        "title": title[:200],
        "body": text,
        "url": address,
        "tag": tag,
        "lang": "ja" if language.startswith("ja") else language,
        "emergency": is_emergency,
        "drill": is_drill,
    }
    made = _bytes(said)
    while len(made) > LARGEST_PAYLOAD and said["body"]:
        over = len(made) - LARGEST_PAYLOAD
        # A character takes one to four bytes: cutting a quarter of what is over never cuts too much at once.
        said["body"] = said["body"].removesuffix("…")[: -max(over // 4, 1) - 1].rstrip() + "…"
        if said["body"] == "…":
            said["body"] = ""
        made = _bytes(said)
    return made


def _bytes(said: dict[str, Any]) -> bytes:
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def topic_of(message_key: str) -> str:
    """Return the Topic header (RFC 8030 §5.4) of a message: sent again, it replaces itself; 32 characters of base64url."""
    return encode(hashlib.sha256(f"topic {message_key}".encode()).digest())[:32]


def urgency_of(*, is_emergency: bool) -> str:
    """Return the Urgency header (RFC 8030 §5.3): a phone that saves its battery wakes up for an emergency."""
    return "high" if is_emergency else "normal"


def seconds_to_live(expires_at: datetime | None, now: datetime) -> int:
    """Return the TTL header: until the message expires, at most four weeks, three days where it has no end."""
    if expires_at is None:
        return USUAL_WAIT
    return max(0, min(int((expires_at - now).total_seconds()), LONGEST_WAIT))
