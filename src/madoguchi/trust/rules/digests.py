"""The digest of a sealed row: what it covers, and values written so that every database gives them back alike."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

QUANTITY_STEP = Decimal("0.0001")
# SQLite keeps decimals as floating point: more digits would not come back as they went in.
QUANTITY_DIGITS = 15

# Made once: an encoder made for each row would cost more than the digest. The values are plain already (see below), so
# this writes the same bytes as ``kit.hashing.canonical``.
_write = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def row_digest(row: dict[str, Any]) -> str:
    """Return the SHA-256 (hex) of the canonical JSON form of a row of plain values."""
    return hashlib.sha256(_write(row).encode()).hexdigest()


def exact_quantity(value: Decimal | int | None) -> Decimal | None:
    """Return a quantity with four decimal places; raise ValueError when it has more digits than are kept exactly."""
    if value is None:
        return None
    exact = Decimal(value).quantize(QUANTITY_STEP)
    if len(exact.normalize().as_tuple().digits) > QUANTITY_DIGITS:
        raise ValueError(
            f"a quantity of more than {QUANTITY_DIGITS} significant digits cannot be kept exactly: {value}"
        )
    return exact


def plain_data(value: Any) -> Any:
    """
    Return JSON data as every database gives it back: keys as text, numbers other than integers as the text of their digits.

    Raises TypeError for what is not JSON, a date or a Decimal, and ValueError for text with NUL, which PostgreSQL refuses.
    """
    if isinstance(value, str):
        if "\x00" in value:
            raise ValueError("text with NUL cannot be stored")
        return str(value)
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float | Decimal):
        return _digits(Decimal(repr(value)) if isinstance(value, float) else value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    return _plain_container(value)


def _plain_container(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(plain_data(key) if isinstance(key, str) else key): plain_data(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain_data(item) for item in value]
    raise TypeError(f"an event's data cannot hold {type(value).__name__}")


def _digits(value: Decimal) -> str:
    if not value.is_finite():
        raise ValueError("a number that is not finite cannot be stored")
    return format(value, "f")
