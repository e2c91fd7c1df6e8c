"""
Signed tokens for links that work without signing in: whoever holds one may do the one thing it is for, and nothing else.

A token is ``value.time.mac``: the value as it is where it has letters and digits alone, else ``~`` and base64url; the second of
signing in base 36; and the first 16 bytes of an HMAC-SHA256 (RFC 2104) over purpose, value and time. It hides nothing; values
are ids.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import string
from collections.abc import Sequence
from hashlib import sha256

MAC_BYTES = 16
_DIGITS = string.digits + string.ascii_lowercase
_URL_SAFE = bytes.maketrans(b"+/", b"-_")
_keys: list[bytes] = []


class TokenError(ValueError):
    """A token is damaged, forged, for something else, or too old (``is_expired``)."""

    def __init__(self, reason: str, *, is_expired: bool = False) -> None:
        super().__init__(reason)
        self.is_expired = is_expired


def configure(secrets: Sequence[str]) -> None:
    """Take the secrets of the installation: the first one signs, all of them verify."""
    _keys[:] = [sha256(f"madoguchi.messaging.tokens {secret}".encode()).digest() for secret in secrets]


def sign(purpose: str, value: str, *, now: float = 0) -> str:
    """Return a token for a value; ``now`` (seconds since 1970) is needed where ``unsign`` is to know its age."""
    written = value if value.isascii() and value.isalnum() else "~" + _encode(value.encode())
    body = f"{written}.{_base36(int(now)) if now else '0'}"
    return f"{body}.{_mac(_keys[0], purpose, body)}"


def unsign(purpose: str, token: str, *, max_age: float | None = None, now: float = 0) -> str:
    """Return the value of a token of this purpose; raise ``TokenError`` for every other, or one older than ``max_age`` s."""
    body, _, mac = token.rpartition(".")
    value, _, stamp = body.partition(".")
    if not token.isascii() or not any(hmac.compare_digest(_mac(key, purpose, body), mac) for key in _keys):
        raise TokenError("the token is not one of ours")
    if max_age is not None and now - int(stamp, 36) > max_age:
        raise TokenError("the token is too old", is_expired=True)
    return _decode(value[1:]).decode() if value.startswith("~") else value


def _mac(key: bytes, purpose: str, body: str) -> str:
    return _encode(hmac.digest(key, f"{purpose}\n{body}".encode(), "sha256")[:MAC_BYTES])


def _encode(data: bytes) -> str:
    return binascii.b2a_base64(data, newline=False).translate(_URL_SAFE, b"=").decode()


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, rest = divmod(number, 36)
        digits = _DIGITS[rest] + digits
    return digits or "0"
