"""
Verification codes: what proves that somebody holds the document and does not just count up its number.

A code is eleven random symbols and a check character in three groups (``4K7R-20M5-XW31``): 19**11 is 1.2e14, so even a
million tries an hour for ten years find one of a given number with a chance of less than one in a thousand; far fewer are
let. The symbols are those of case numbers, which neither look nor sound alike.
"""

from __future__ import annotations

import re
import secrets
import unicodedata

from madoguchi.kit.ids import SYMBOLS, check_character, parse_case_number

RANDOM_LENGTH = 11
_GROUP = 4
_SEPARATORS = re.compile(r"[\s\-‐‑‒–—―−ー・./]+")
_MISREAD = str.maketrans("OIL", "011")


def new_code() -> str:
    """Return a code nobody can guess."""
    return _with_check("".join(secrets.choice(SYMBOLS) for _ in range(RANDOM_LENGTH)))


def parse_code(text: str) -> str | None:
    """
    Return the canonical form of a code somebody typed, or None when its check character shows that it was mistyped.

    Case, width, spaces and hyphens do not matter; O, I and L are read as the digits they look like.
    """
    symbols = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text[:80])).upper().translate(_MISREAD)
    if len(symbols) != RANDOM_LENGTH + 1 or not set(symbols) <= set(SYMBOLS):
        return None
    return _with_check(symbols[:-1]) if check_character(symbols[:-1]) == symbols[-1] else None


def parse_number(text: str) -> str | None:
    """Return the canonical form of a document number somebody typed (``2026-00412-K``), or None when it is none."""
    return parse_case_number(text[:80])


def _with_check(body: str) -> str:
    symbols = body + check_character(body)
    return "-".join(symbols[start : start + _GROUP] for start in range(0, len(symbols), _GROUP))
