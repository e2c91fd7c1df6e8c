"""Secrets that people carry on paper: written in groups, read however they were typed, kept as digests alone."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import unicodedata

_ALPHABET = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789ABCDEFGHJKMNPQRSTVWXYZ")
_MISREAD = str.maketrans("OIL", "011")
_OTHER = re.compile(r"[^0-9A-Z]")
_LENGTH = 16


def derived(secret: str, purpose: str, key: str) -> str:
    """Return the code of a thing, such as ``4KT7-20M5-9XQA-RRB2`` (80 bits): who lacks the secret cannot make it."""
    made = hmac.new(secret.encode(), f"{purpose}/{key}".encode(), hashlib.sha256).digest()
    return grouped(base64.b32encode(made[:10]).decode().translate(_ALPHABET))


def grouped(code: str) -> str:
    """Return a code in groups of four."""
    return "-".join(code[place : place + 4] for place in range(0, len(code), 4))


def read_code(text: str) -> str:
    """Return what was typed as a code in groups, or an empty text where it cannot be one (width, case, O and 0 do not matter)."""
    plain = _OTHER.sub("", unicodedata.normalize("NFKC", text).upper()).translate(_MISREAD)
    return grouped(plain) if len(plain) == _LENGTH else ""


def digest_of(secret: str) -> str:
    """Return the SHA-256 of a secret in hexadecimal; an empty secret has none."""
    return hashlib.sha256(secret.encode()).hexdigest() if secret else ""


def opens(digest: str, secrets: list[str]) -> bool:
    """Tell whether one of the secrets has this digest; no secret opens what has none."""
    return bool(digest) and any(hmac.compare_digest(digest, digest_of(secret)) for secret in secrets if secret)
