"""Definitions as files and in memory: one writing, its digest, and each document read once."""

from __future__ import annotations

import json
from collections import OrderedDict
from decimal import Decimal
from threading import Lock
from typing import Any

from madoguchi.kit import hashing

from .procedure import FORMAT, Definition

KEPT = 4000
"""Definitions that stay in memory; the oldest ones go."""

LARGEST_FILE = 4 * 1024 * 1024
"""Bytes of a definition's file; the longest that is known has a tenth of it."""

_NAMED = frozenset({"decisions", "reasons"})
_FREE = frozenset({"constraint", "default", "answers", "expect", "given"})
_kept: OrderedDict[str, Definition] = OrderedDict()
_lock = Lock()


def write_definition(definition: Definition) -> dict[str, Any]:
    """Return the document of a definition as JSON values, without what is only a default."""
    document: dict[str, Any] = definition.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return {"format": FORMAT, **document}


def digest_of(definition: Definition) -> str:
    """Return the SHA-256 of what a definition says: the same for two files that differ in writing only."""
    return hashing.digest(_exact(write_definition(definition)))


def write_file(definition: Definition) -> bytes:
    """Return a definition as its one file (``.procedure.json``): UTF-8, in the order of the format, byte for byte the same."""
    document = _ordered(write_definition(definition))
    return (json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()


def known_definition(digest: str) -> Definition | None:
    """Return the definition of a digest that was read already, or None: whoever has only the digest need not load it."""
    return _kept.get(digest) if digest else None


def kept_definition(digest: str, document: dict[str, Any], read: Any) -> Definition:
    """Return the definition of a digest, read with ``read`` on first use; "" is never kept."""
    with _lock:
        found = _kept.get(digest) if digest else None
        if found is not None:
            _kept.move_to_end(digest)
            return found
    made: Definition = read(document)
    if digest:
        with _lock:
            # Whoever came first stays: what is compiled hangs on the object.
            made = _kept.setdefault(digest, made)
            while len(_kept) > KEPT:
                _kept.popitem(last=False)
    return made


def _exact(value: Any) -> Any:
    """Return JSON values with floats as decimals: canonical JSON has no floats."""
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, dict):
        return {key: _exact(item) for key, item in value.items()}
    return [_exact(item) for item in value] if isinstance(value, list) else value


def _ordered(value: Any) -> Any:
    """Return the value with the keys of free objects sorted: a database may keep them in another order."""
    if isinstance(value, list):
        return [_ordered(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {key: _sorted(item) if key in _FREE else _ordered(_by_name(key, item)) for key, item in value.items()}


def _by_name(key: str, item: Any) -> Any:
    return dict(sorted(item.items())) if key in _NAMED and isinstance(item, dict) else item


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    return [_sorted(item) for item in value] if isinstance(value, list) else value
