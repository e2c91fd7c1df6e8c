"""One writing of a value, and its SHA-256: the ground of seals, ETags and content addresses.

Canonical JSON is UTF-8 with keys sorted by code point and no spaces. Floats have no single writing and are refused;
a Decimal is written as the string of its digits.
"""

import hashlib
import json
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

GENESIS = "0" * 64

_DIGEST = re.compile(r"[0-9a-f]{64}")


def canonical(value: object) -> bytes:
    """Return the one writing of None, bool, int, str, Decimal, lists (or tuples) and dicts with text keys.

    Raises TypeError for anything else, and ValueError for a Decimal that is not finite or text with lone surrogates.
    """
    plain = _plain(value)
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")


def digest(value: object) -> str:
    """Return the SHA-256 of the canonical JSON of a value, 64 hexadecimal digits."""
    return hashlib.sha256(canonical(value)).hexdigest()


def digest_bytes(content: bytes) -> str:
    """Return the SHA-256 of bytes as they are, 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def chain(previous: str, digests: Iterable[str]) -> str:
    """Return the link that follows `previous` (GENESIS for the first) and covers the digests in their order.

    Changing, inserting, removing or reordering any of them changes the link. Raises ValueError for a text that is
    not a digest: fixed lengths are what makes the joined text unambiguous.
    """
    parts = [previous, *digests]
    wrong = next((part for part in parts if not _DIGEST.fullmatch(part)), None)
    if wrong is not None:
        raise ValueError(f"not a SHA-256 digest: {wrong!r}")
    return hashlib.sha256("".join(parts).encode("ascii")).hexdigest()


def _plain(value: object) -> Any:
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Decimal):
        return _decimal(value)
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {_key(key): _plain(item) for key, item in value.items()}
    raise TypeError(f"{type(value).__name__} has no canonical writing")


def _decimal(value: Decimal) -> str:
    if not value.is_finite():
        raise ValueError("a Decimal that is not finite has no canonical writing")
    return format(value, "f")


def _key(key: object) -> str:
    if not isinstance(key, str):
        raise TypeError("keys are text in canonical JSON")
    return key
