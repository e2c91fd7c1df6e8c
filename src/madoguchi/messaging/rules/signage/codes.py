"""Codes a screen shows and somebody types: six symbols that cannot be mistaken for one another."""

from __future__ import annotations

import re
import secrets
import unicodedata

from madoguchi.kit.ids import SYMBOLS

LENGTH = 6
_SEPARATORS = re.compile(r"[\s\-‐‑‒–—―−ー・./]+")
_MISREAD = str.maketrans("OIL", "011")


def new_code() -> str:
    """Return a new code (one of 47 million)."""
    return "".join(secrets.choice(SYMBOLS) for _place in range(LENGTH))


def read_code(text: str) -> str | None:
    """Return what was typed as a code, in any case and width, with or without a gap; None when it cannot be one."""
    found = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text[:60])).upper().translate(_MISREAD)
    return found if len(found) == LENGTH and set(found) <= set(SYMBOLS) else None


def spaced(code: str) -> str:
    """Return a code as it is shown: two groups of three."""
    return f"{code[:3]} {code[3:]}"
