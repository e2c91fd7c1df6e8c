"""
Return paths that tell whose mail came back (VERP): ``b-<delivery>-<municipality>-<mac>@domain``, numbers in base 36.

The mac is the first 10 bytes of an HMAC-SHA256 (RFC 2104) in hexadecimal: nobody can end somebody's address by inventing bounces.
Servers change the case of addresses, so nothing depends on it.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

_PATH = re.compile(r"b-([0-9a-z]{1,13})-([0-9a-z]{1,13})-([0-9a-f]{20})")
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Returned:
    """Whose mail came back: the delivery and its municipality."""

    delivery: int
    municipality: int


def verp_key(secret: str) -> bytes:
    """Return the key return paths are signed with."""
    return sha256(f"madoguchi.messaging.verp {secret}".encode()).digest()


def return_path(delivery: int, municipality: int, *, domain: str, key: bytes) -> str:
    """Return the address a mail that cannot be delivered comes back to."""
    body = f"{_base36(delivery)}-{_base36(municipality)}"
    return f"b-{body}-{_mac(key, body)}@{domain}"


def read_return_path(address: str, *, keys: Sequence[bytes]) -> Returned | None:
    """Return whose mail it was; None for an address that is not one of ours, forged ones included."""
    local = address.strip().strip("<>").rpartition("@")[0].lower()
    match = _PATH.fullmatch(local)
    if match is None:
        return None
    body = f"{match[1]}-{match[2]}"
    if not any(hmac.compare_digest(_mac(key, body), match[3]) for key in keys):
        return None
    return Returned(int(match[1], 36), int(match[2], 36))


def _mac(key: bytes, body: str) -> str:
    return hmac.digest(key, body.encode(), "sha256")[:10].hex()


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, rest = divmod(number, 36)
        digits = _DIGITS[rest] + digits
    return digits or "0"
