"""
Signing what is told to other systems, as Standard Webhooks 1.0 has it: ``webhook-id``, ``webhook-timestamp`` and
``webhook-signature`` (``v1,`` and the base64 HMAC-SHA256 of ``id.timestamp.body``).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import ipaddress
from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import urlsplit

PREFIX = "whsec_"
TOLERANCE = timedelta(minutes=5)
WAITS = tuple(timedelta(seconds=seconds) for seconds in (10, 60, 300, 1800, 7200, 21600, 43200, 86400))
"""After each failed attempt; then the delivery is given up."""


def derive_secret(key: str, salt: str) -> str:
    """Return the secret of a subscription, in the form receivers configure: ``whsec_`` and base64 of 32 bytes."""
    made = hmac.new(key.encode(), f"webhook/{salt}".encode(), hashlib.sha256).digest()
    return PREFIX + base64.b64encode(made).decode()


def sign(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """Return the value of ``webhook-signature``; raises ``ValueError`` for a secret that is none."""
    key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    content = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()


def headers_of(secret: str, message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """Return the headers of a delivery."""
    return {
        "content-type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": sign(secret, message_id, timestamp, body),
    }


def is_genuine(secret: str, headers: Mapping[str, str], body: bytes, now: int) -> bool:
    """Tell whether a delivery was signed with the secret, not long ago: what a receiver does."""
    given = headers.get("webhook-signature", "").split(" ")
    stamp = headers.get("webhook-timestamp", "")
    if not stamp.isdecimal() or abs(now - int(stamp)) > TOLERANCE.total_seconds():
        return False
    wanted = sign(secret, headers.get("webhook-id", ""), int(stamp), body)
    return any(hmac.compare_digest(wanted, one) for one in given)


def is_allowed(url: str, hosts: frozenset[str]) -> bool:
    """
    Tell whether an address may be called: its host (with port where it is not the usual one) is on the operator's list.

    Plain HTTP is let for loopback alone, so that nothing leaves the machine unencrypted.
    """
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return False
    if parts.scheme not in {"http", "https"} or parts.username or parts.password:
        return False
    if parts.scheme == "http" and not _is_loopback(host):
        return False
    return host in hosts or (port is not None and f"{host}:{port}" in hosts)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
