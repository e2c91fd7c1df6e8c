"""Judging who sends (VAPID, RFC 8292), as a push service does."""

from __future__ import annotations

import json
import re
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from ...rules.push import SubscriptionError, decode

LONGEST = 24 * 3600
_HEADER = re.compile(r"vapid\s+(.+)", re.IGNORECASE)


def why_refused(header: str, *, origin: str, server_key: str, now: float) -> str:
    """Return why an Authorization header does not let its sender send, or an empty text."""
    match = _HEADER.fullmatch(header.strip())
    if match is None:
        return "no vapid authorization"
    parts = dict(part.strip().partition("=")[::2] for part in match[1].split(","))
    token, key = parts.get("t", ""), parts.get("k", "")
    if not token or not key:
        return "t or k is missing"
    if key.rstrip("=") != server_key.rstrip("="):
        return "this key is not the one the browser subscribed with"
    try:
        claims = _claims(token, decode(key))
    except (SubscriptionError, ValueError, InvalidSignature) as error:
        return f"the token is not signed with the key ({type(error).__name__})"
    return _judge(claims, origin, now)


def _claims(token: str, point: bytes) -> dict[str, Any]:
    """Return the claims of a token whose signature is good; raises ``InvalidSignature`` or ``ValueError``."""
    head, body, signature = token.split(".")
    if json.loads(decode(head)).get("alg") != "ES256":
        raise ValueError("alg")
    raw = decode(signature)
    if len(raw) != 64:
        raise ValueError("signature")
    der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    public.verify(der, f"{head}.{body}".encode(), ec.ECDSA(hashes.SHA256()))
    found = json.loads(decode(body))
    if not isinstance(found, dict):
        raise ValueError("claims")
    return found


def _judge(claims: dict[str, Any], origin: str, now: float) -> str:
    expires = claims.get("exp")
    if claims.get("aud") != origin:
        return "aud is not this service"
    if not isinstance(expires, int | float) or expires <= now:
        return "exp is over"
    if expires > now + LONGEST:
        return "exp is more than a day away"
    subject = claims.get("sub", "")
    return "" if not subject or str(subject).startswith(("mailto:", "https:")) else "sub is neither mailto nor https"
