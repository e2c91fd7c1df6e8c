"""
Signed reports of providers: HMAC-SHA256 over the time and the body.

The header is ``t=<seconds since 1970>,v1=<hex>``; several ``v1`` may stand there while a secret is changed. The time is under the
signature, so that what was heard once cannot be played again later.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime, timedelta

TOLERANCE = timedelta(minutes=5)
LONGEST_HEADER = 1000


def sign_report(secret: str, body: bytes, at: datetime) -> str:
    """Return the header for a body sent at a moment."""
    seconds = str(int(at.timestamp()))
    return f"t={seconds},v1={_digest(secret, seconds, body)}"


def why_refused(header: str, body: bytes, *, secrets: Iterable[str], now: datetime) -> str:
    """Return why a report is not believed (``missing``, ``malformed``, ``stale``, ``wrong``), or an empty text."""
    if not header:
        return "missing"
    seconds, signatures = _parts(header)
    if not seconds or not signatures:
        return "malformed"
    expected = [_digest(secret, seconds, body) for secret in secrets if secret]
    # Every pair is compared, and each in constant time: how long it takes tells nothing.
    matches = [hmac.compare_digest(one.encode(), given.encode()) for one in expected for given in signatures]
    if not any(matches):
        return "wrong"
    return "stale" if abs(now.timestamp() - int(seconds)) > TOLERANCE.total_seconds() else ""


def _digest(secret: str, seconds: str, body: bytes) -> str:
    return hmac.new(secret.encode(), seconds.encode("ascii") + b"." + body, hashlib.sha256).hexdigest()


def _parts(header: str) -> tuple[str, list[str]]:
    if len(header) > LONGEST_HEADER:
        return "", []
    pairs = [part.strip().partition("=") for part in header.split(",")]
    times = [value for name, _equals, value in pairs if name == "t"]
    is_number = len(times) == 1 and times[0].isascii() and times[0].isdecimal() and len(times[0]) <= 12
    return times[0] if is_number else "", [value for name, _equals, value in pairs if name == "v1" and value.isascii()]
